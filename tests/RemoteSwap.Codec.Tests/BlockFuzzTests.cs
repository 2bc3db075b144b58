using Xunit;

namespace RemoteSwap.Codec.Tests;

/// <summary>Whatever bytes a peer sends as a block: they are refused, or they are one page.</summary>
public sealed class BlockFuzzTests
{
    private const int Cases = 240_000;
    private const int Batches = 40_000;

    [Fact]
    public void Whatever_is_accepted_decodes_to_one_page_and_nothing_outside_is_touched()
    {
        int accepted = BlockFuzzProbe.Run(Cases);

        string codecs = string.Join(", ", BlockFuzzProbe.Codecs.Select(codec => codec.Name));
        TestContext.Current.TestOutputHelper?.WriteLine($"{Cases} cases, {accepted} accepted; {codecs}");

        // Both verdicts are well represented, or the fuzz has nothing to say.
        Assert.InRange(accepted, Cases / 20, Cases - (Cases / 20));
    }

    [Fact]
    public void A_batch_is_judged_as_its_blocks_are()
    {
        int accepted = BlockFuzzProbe.RunBatches(Batches);

        TestContext.Current.TestOutputHelper?.WriteLine($"{Batches} batches, {accepted} without a malformed block");
        Assert.InRange(accepted, Batches / 20, Batches - (Batches / 20));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void A_block_that_is_cut_anywhere_is_refused_at_either_guard(int kind)
    {
        foreach (IBlockCodec codec in BlockFuzzProbe.Codecs)
        {
            byte[] block = new byte[PageSize.Bytes];
            int bytes = codec.Encode(TestPages.Create(kind, 11), block);
            for (int cut = 0; cut <= bytes; cut++)
            {
                Assert.Equal(cut == bytes, BlockFuzzProbe.CheckBlock(block.AsSpan(0, cut), atEnd: true));
                Assert.Equal(cut == bytes, BlockFuzzProbe.CheckBlock(block.AsSpan(0, cut), atEnd: false));
                Assert.True(cut == bytes || !codec.TryDecode(block.AsSpan(0, cut), new byte[PageSize.Bytes]));
            }
        }
    }
}
