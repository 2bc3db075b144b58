using System.Buffers;
using CsCheck;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Heads of RFC 7541, appendix C, as far as they need no dynamic table; bad ones; random ones.</summary>
public sealed class HeaderDecoderTests
{
    private const string Responded =
        ":status: 302|cache-control: private|date: Mon, 21 Oct 2013 20:13:21 GMT|location: https://www.example.com";

    public static TheoryData<string> Bad => [.. BadHeads.All.Keys];

    public static TheoryData<string> AllButBad => [.. BadHeads.AllButBad.Keys];

    // C.2.1 to C.2.4, C.3.1, C.4.1, C.5.1, C.6.1.
    [Theory]
    [InlineData(
        "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "custom-key: custom-header")]
    [InlineData("040c 2f73 616d 706c 652f 7061 7468", ":path: /sample/path")]
    [InlineData("1008 7061 7373 776f 7264 0673 6563 7265 74", "password: secret")]
    [InlineData("82", ":method: GET")]
    [InlineData(
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        ":method: GET|:scheme: http|:path: /|:authority: www.example.com")]
    [InlineData(
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        ":method: GET|:scheme: http|:path: /|:authority: www.example.com")]
    [InlineData(
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d"
        + "546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        Responded)]
    [InlineData(
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7"
        + "8f0b 97c8 e9ae 82ae 43d3",
        Responded)]
    public void A_head_of_the_rfc_is_read(string hex, string fields) =>
        Assert.Equal(fields.Split('|'), FieldList.Read(HeadBytes.Hex(hex)));

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_head_is_refused(string reason) => Assert.Null(FieldList.Read(BadHeads.All[reason]));

    [Theory]
    [MemberData(nameof(AllButBad))]
    public void What_is_all_but_bad_is_read(string reason) =>
        Assert.NotNull(FieldList.Read(BadHeads.AllButBad[reason]));

    [Fact]
    public void A_field_of_each_number_is_read()
    {
        for (int index = 1; index <= StaticTable.Last; index++)
        {
            string expected = FieldList.Line(StaticTable.Name(index), StaticTable.Value(index));

            Assert.Equal([expected], FieldList.Read(HeadBytes.Indexed((ulong)index)));
        }
    }

    [Fact]
    public void Random_heads_are_read_whole_or_cut() =>
        Gen.Int.Sample(seed => HpackRun.Check(seed, rounds: 10), iter: 50);

    [Fact]
    public void Random_bytes_throw_nothing() =>
        Gen.OneOf(
                Gen.Byte.Array[0, 200],
                Gen.OneOf(Gen.Const((byte)0x00), Gen.Byte[0x0F, 0x3F], Gen.Byte[0x7E, 0x83], Gen.Byte).Array[0, 60])
            .Sample(block => FieldList.Read(block) is null or { Count: <= 512 }, iter: 200_000);

    // What was read of a secret would otherwise lie about for whoever is lent the room next.
    [Fact]
    public void What_was_read_is_wiped()
    {
        byte[] block = HeadBytes.Field(HeadBytes.Ascii("authorization"), HeadBytes.Ascii("Bearer secret"), form: 9);
        byte[] lent;
        byte[] again = ArrayPool<byte>.Shared.Rent(HeaderDecoder.MostListBytes);
        do
        {
            // The pool may let go of an array at any collection, and then the reader had another.
            lent = again;
            lent.AsSpan().Clear();
            ArrayPool<byte>.Shared.Return(lent);
            Assert.NotNull(FieldList.Read(block));
            Assert.Null(FieldList.Read(block.AsSpan(0, block.Length - 1)));
            again = ArrayPool<byte>.Shared.Rent(HeaderDecoder.MostListBytes);
        }
        while (again != lent);

        Assert.False(lent.AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void What_the_sink_throws_passes_through_and_the_next_head_is_read()
    {
        ThrowingSink sink = new();

        Assert.Throws<NotSupportedException>(() => HeaderDecoder.TryRead(HeadBytes.Indexed(2), ref sink));
        Assert.Equal([":method: GET"], FieldList.Read(HeadBytes.Indexed(2)));
    }

    [Fact]
    public void A_sink_may_live_on_the_stack()
    {
        CountingSink sink = new(new int[1]);

        Assert.True(HeaderDecoder.TryRead(HeadBytes.Hex("8286 84"), ref sink));
        Assert.Equal(3, sink.Count[0]);
    }

    private readonly struct ThrowingSink : IHeaderSink
    {
        public void Take(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value) =>
            throw new NotSupportedException();
    }

    private readonly ref struct CountingSink(Span<int> count) : IHeaderSink
    {
        public Span<int> Count { get; } = count;

        public void Take(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value) => Count[0]++;
    }
}
