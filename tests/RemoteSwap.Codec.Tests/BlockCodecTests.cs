using Xunit;

namespace RemoteSwap.Codec.Tests;

/// <summary>What every block codec has to do, asked of all that this machine has.</summary>
public sealed class BlockCodecTests
{
    private const int Pages = 300;

    [Fact]
    public void Each_decodes_what_any_encodes()
    {
        byte[] block = new byte[ZpageLimits.MaxCompressedBytes];
        byte[] decoded = new byte[PageSize.Bytes];
        foreach (IBlockCodec encoder in BlockFuzzProbe.Codecs)
        {
            for (int seed = 0; seed < Pages; seed++)
            {
                byte[] page = TestPages.Create(seed % 7, seed);
                int bytes = encoder.Encode(page, block);
                foreach (IBlockCodec decoder in BlockFuzzProbe.Codecs)
                {
                    Assert.Equal(bytes > 0, decoder.TryDecode(block.AsSpan(0, bytes), decoded));
                    Assert.True(bytes == 0 || decoded.AsSpan().SequenceEqual(page), $"{encoder.Name}, {decoder.Name}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4097)]
    [InlineData(9000)]
    public void A_block_that_is_no_page_is_refused(int bytes)
    {
        byte[] literals = new BlockBuilder().End(bytes).ToBlock();
        byte[] match = new BlockBuilder().Sequence(1, 1, Math.Max(4, bytes - 6)).End(5).ToBlock();

        Assert.All(BlockFuzzProbe.Codecs, codec => Assert.False(codec.TryDecode(literals, new byte[PageSize.Bytes])));
        Assert.All(BlockFuzzProbe.Codecs, codec => Assert.False(codec.TryDecode(match, new byte[PageSize.Bytes])));
    }

    [Fact]
    public void No_block_and_no_room_are_no_accident()
    {
        Assert.All(BlockFuzzProbe.Codecs, codec => Assert.False(codec.TryDecode([], new byte[PageSize.Bytes])));
        Assert.All(BlockFuzzProbe.Codecs, codec => Assert.Equal(0, codec.Encode(new byte[PageSize.Bytes], [])));
    }
}
