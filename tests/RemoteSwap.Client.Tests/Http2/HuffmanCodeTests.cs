using System.Text;
using CsCheck;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Coded strings of RFC 7541, appendix C, and of .NET's own tables.</summary>
public sealed class HuffmanCodeTests
{
    [Theory]
    [InlineData("www.example.com", "f1e3 c2e5 f23a 6ba0 ab90 f4ff")]
    [InlineData("no-cache", "a8eb 1064 9cbf")]
    [InlineData("custom-key", "25a8 49e9 5ba9 7d7f")]
    [InlineData("custom-value", "25a8 49e9 5bb8 e8b4 bf")]
    [InlineData("302", "6402")]
    [InlineData("private", "aec3 771a 4b")]
    [InlineData("Mon, 21 Oct 2013 20:13:21 GMT", "d07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff")]
    [InlineData("https://www.example.com", "9d29 ad17 1863 c78f 0b97 c8e9 ae82 ae43 d3")]
    [InlineData("307", "640e ff")]
    [InlineData("gzip", "9bd9 ab")]
    [InlineData("", "")]
    public void A_string_of_the_rfc_is_read(string expected, string hex)
    {
        byte[] room = new byte[expected.Length];

        Assert.True(HuffmanCode.TryDecode(HeadBytes.Hex(hex), room, out int bytes));
        Assert.Equal(expected, Encoding.ASCII.GetString(room, 0, bytes));
    }

    [Fact]
    public void Each_byte_is_read_alone_twice_and_behind_any_other()
    {
        for (int first = 0; first <= byte.MaxValue; first++)
        {
            AssertRead([(byte)first]);
            for (int second = 0; second <= byte.MaxValue; second++)
            {
                AssertRead([(byte)first, (byte)second]);
            }
        }
    }

    [Theory]
    [InlineData("640e 80", "zeros")]
    [InlineData("640e fe", "a zero behind ones")]
    [InlineData("6402 ff", "eight ones")]
    [InlineData("640e ff ff", "fifteen ones")]
    [InlineData("ff", "eight ones and nothing else")]
    [InlineData("ff ff ff", "the end of a string, cut")]
    public void Wrong_filling_is_refused(string hex, string filling) =>
        Assert.False(HuffmanCode.TryDecode(HeadBytes.Hex(hex), new byte[16], out _), filling);

    [Theory]
    [InlineData("ff ff ff ff")]
    [InlineData("ff ff ff fc")]
    [InlineData("07 ff ff ff ff")]
    [InlineData("07 ff ff ff fe 00 07")]
    public void The_end_of_a_string_is_refused(string hex) =>
        Assert.False(HuffmanCode.TryDecode(HeadBytes.Hex(hex), new byte[16], out _));

    [Fact]
    public void A_string_that_does_not_fit_is_refused_and_nothing_is_written_behind_the_room()
    {
        byte[] coded = HeadBytes.Hex("a8eb 1064 9cbf");
        byte[] room = new byte[9];
        for (int length = 0; length < 8; length++)
        {
            Assert.False(HuffmanCode.TryDecode(coded, room.AsSpan(0, length), out int bytes));
            Assert.Equal(length, bytes);
            Assert.Equal(0, room[length]);
        }

        Assert.True(HuffmanCode.TryDecode(coded, room.AsSpan(0, 8), out _));
    }

    [Fact]
    public void Every_string_of_two_bytes_is_judged_as_by_dotnet()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            HpackRun.CheckCoded([(byte)(bits >> 8), (byte)bits]);
        }
    }

    [Fact]
    public void Random_bytes_are_judged_as_by_dotnet() =>
        Gen.OneOf(
                Gen.Byte.Array[0, 64],
                Gen.OneOf(Gen.Const((byte)0xFF), Gen.Byte[0xF0, 0xFF]).Array[0, 16],
                Gen.Byte.Array[0, 64].Select(text => DotNetHuffman.Encode(text)))
            .Sample(HpackRun.CheckCoded, iter: 100_000);

    private static void AssertRead(byte[] text)
    {
        byte[] room = new byte[text.Length];

        Assert.True(HuffmanCode.TryDecode(DotNetHuffman.Encode(text), room, out int bytes));
        Assert.Equal(text, room[..bytes]);
    }
}
