using CsCheck;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Heads that are written: as in RFC 7541, appendix C, and read again.</summary>
public sealed class HeaderEncoderTests
{
    [Theory]
    [InlineData(":path", "/sample/path", false, "040c 2f73 616d 706c 652f 7061 7468")]
    [InlineData("password", "secret", true, "1008 7061 7373 776f 7264 0673 6563 7265 74")]
    [InlineData("te", "", false, "0002 7465 00")]
    [InlineData("accept-charset", "a", false, "0f00 0161")]
    [InlineData("authorization", "b", true, "1f08 0162")]
    [InlineData(":method", "POST", false, "83")]
    [InlineData(":method", "POST", true, "1204 504f 5354")]
    [InlineData(":scheme", "https", false, "87")]
    [InlineData(":status", "500", false, "8e")]
    [InlineData(":status", "501", false, "0803 3530 31")]
    public void A_field_is_written_as_in_the_rfc(string name, string value, bool isSecret, string hex)
    {
        byte[] room = new byte[64];
        HeaderEncoder encoder = new(room);

        Assert.True(encoder.TryWrite(HeadBytes.Ascii(name), HeadBytes.Ascii(value), isSecret));
        Assert.Equal(Convert.ToHexString(HeadBytes.Hex(hex)), Convert.ToHexString(encoder.Written));
        Assert.Equal(encoder.Written.Length, encoder.Length);
    }

    [Fact]
    public void A_field_without_a_name_is_refused()
    {
        HeaderEncoder encoder = new(new byte[64]);

        Assert.False(encoder.TryWrite([], "value"u8));
        Assert.Equal(0, encoder.Length);
    }

    [Theory]
    [InlineData(":authority", 3)]
    [InlineData("user-agent", 130)]
    [InlineData("grpc-timeout", 20)]
    [InlineData("x-long", 5000)]
    public void Where_there_is_no_room_nothing_is_written(string name, int valueBytes)
    {
        byte[] field = HeadBytes.Ascii(name);
        byte[] value = new byte[valueBytes];
        HeaderEncoder wide = new(new byte[6000]);
        Assert.True(wide.TryWrite("a"u8, "b"u8));
        int before = wide.Length;
        Assert.True(wide.TryWrite(field, value));

        for (int room = before; room < wide.Length; room++)
        {
            HeaderEncoder narrow = new(new byte[room]);
            Assert.True(narrow.TryWrite("a"u8, "b"u8));

            Assert.False(narrow.TryWrite(field, value));
            Assert.True(narrow.Written.SequenceEqual(wide.Written[..before]));
        }

        HeaderEncoder exact = new(new byte[wide.Length]);
        Assert.True(exact.TryWrite("a"u8, "b"u8) && exact.TryWrite(field, value));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        Gen<byte[]> name = Gen.OneOf(
            Gen.Byte.Array[1, 40],
            Gen.Int[1, StaticTable.Last].Select(index => StaticTable.Name(index).ToArray()),
            Gen.Byte.Array[120, 300]);
        Gen<byte[]> value = Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Byte.Array[120, 300]);

        Gen.Select(name, value, Gen.Bool).Array[0, 12].Sample(
            fields =>
            {
                HeaderEncoder encoder = new(new byte[16 << 10]);
                List<string> lines = [];
                foreach ((byte[] field, byte[] content, bool isSecret) in fields)
                {
                    Assert.True(encoder.TryWrite(field, content, isSecret));
                    lines.Add(FieldList.Line(field, content));
                }

                Assert.Equal(lines, FieldList.Read(encoder.Written));
            },
            iter: 20_000);
    }
}
