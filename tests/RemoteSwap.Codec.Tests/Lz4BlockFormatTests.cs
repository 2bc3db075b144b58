using CsCheck;
using K4os.Compression.LZ4;
using Xunit;

namespace RemoteSwap.Codec.Tests;

public sealed class Lz4BlockFormatTests
{
    private const int Runs = 2000;

    [Fact]
    public void Everything_that_K4os_encodes_is_accepted()
    {
        LZ4Level[] levels = [LZ4Level.L00_FAST, LZ4Level.L03_HC, LZ4Level.L09_HC, LZ4Level.L12_MAX];
        Gen.Select(TestPages.Gen, Gen.OneOf(levels)).Sample(
            (page, level) =>
            {
                byte[] block = new byte[LZ4Codec.MaximumOutputSize(PageSize.Bytes)];
                int bytes = LZ4Codec.Encode(page, block, level);

                Assert.True(Lz4BlockFormat.DecodesToOnePage(block.AsSpan(0, bytes)));
                Assert.Equal(page, NaiveLz4.Decode(block.AsSpan(0, bytes)));
            },
            iter: Runs);
    }

    [Fact]
    public void A_block_with_every_limit_just_kept_is_accepted()
    {
        Assert.True(IsPage(new BlockBuilder().End(4096)));
        Assert.True(IsPage(new BlockBuilder().Sequence(1, 1, 4090).End(5)));
        Assert.True(IsPage(new BlockBuilder().Sequence(4084, 4084, 7).End(5)));
        Assert.True(IsPage(new BlockBuilder().Sequence(4084, 1, 4).End(8)));
        Assert.True(IsPage(new BlockBuilder().Sequence(15, 15, 19).Sequence(0, 34, 4).Sequence(14, 1, 18).End(4026)));
    }

    [Fact]
    public void An_offset_of_zero_is_rejected() =>
        Assert.False(IsPage(new BlockBuilder().Sequence(100, 0, 3000).End(996)));

    [Theory]
    [InlineData(100, 100, true)]
    [InlineData(100, 101, false)]
    [InlineData(100, 65535, false)]
    [InlineData(0, 1, false)]
    public void An_offset_beyond_what_is_produced_is_rejected(int literals, int offset, bool accepted) =>
        Assert.Equal(accepted, IsPage(new BlockBuilder().Sequence(literals, offset, 3000).End(4096 - 3000 - literals)));

    [Theory]
    [InlineData(4095)]
    [InlineData(4097)]
    [InlineData(1)]
    [InlineData(5000)]
    public void A_block_that_decodes_to_another_length_is_rejected(int bytes)
    {
        Assert.False(DecodesToOnePage(new BlockBuilder().End(bytes)));
        Assert.False(bytes > 100 && DecodesToOnePage(new BlockBuilder().Sequence(10, 10, bytes - 30).End(20)));
        Assert.False(bytes > 100 && DecodesToOnePage(new BlockBuilder().Sequence(10, 10, 70).End(bytes - 80)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    [InlineData(0)]
    public void Too_few_last_literals_are_rejected(int literals)
    {
        Assert.False(IsPage(new BlockBuilder().Sequence(1, 1, 4095 - literals).End(literals)));
    }

    [Fact]
    public void A_match_that_ends_the_block_is_rejected() =>
        Assert.False(IsPage(new BlockBuilder().Sequence(1, 1, 4095)));

    [Fact]
    public void A_last_match_that_starts_too_late_is_rejected() =>
        Assert.False(IsPage(new BlockBuilder().Sequence(4085, 1, 4).End(7)));

    [Fact]
    public void A_block_that_is_cut_at_any_byte_is_rejected()
    {
        byte[][] blocks =
        [
            new BlockBuilder().Sequence(300, 40, 500).Sequence(0, 1, 4).Sequence(20, 5, 3200).End(72).ToBlock(),
            new BlockBuilder().Sequence(1, 1, 4090).End(5).ToBlock(),
            Encoded(TestPages.Create(3, 5)),
            Encoded(TestPages.Create(4, 5)),
        ];
        foreach (byte[] block in blocks)
        {
            Assert.True(Lz4BlockFormat.DecodesToOnePage(block));
            for (int length = 0; length < block.Length; length++)
            {
                Assert.False(Lz4BlockFormat.DecodesToOnePage(block.AsSpan(0, length)));
            }

            Assert.False(Lz4BlockFormat.DecodesToOnePage([.. block, 0]));
        }
    }

    [Fact]
    public void Endless_lengths_are_rejected()
    {
        byte[] literals = new byte[4096];
        Array.Fill(literals, byte.MaxValue);
        byte[] match = [0x1F, 1, 1, 0, .. literals];

        Assert.False(Lz4BlockFormat.DecodesToOnePage(literals));
        Assert.False(Lz4BlockFormat.DecodesToOnePage(match));
        Assert.False(Lz4BlockFormat.DecodesToOnePage([]));
    }

    private static byte[] Encoded(byte[] page)
    {
        byte[] block = new byte[LZ4Codec.MaximumOutputSize(PageSize.Bytes)];
        return block[..LZ4Codec.Encode(page, block)];
    }

    private static bool DecodesToOnePage(BlockBuilder builder) => Lz4BlockFormat.DecodesToOnePage(builder.ToBlock());

    // For blocks that would be a page, but for the rule under test.
    private static bool IsPage(BlockBuilder builder)
    {
        Assert.Equal(PageSize.Bytes, builder.Produced);
        return DecodesToOnePage(builder);
    }
}
