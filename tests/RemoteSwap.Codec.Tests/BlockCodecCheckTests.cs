using Xunit;

namespace RemoteSwap.Codec.Tests;

/// <summary>A library that does not do what it should is found out before it is used.</summary>
public sealed class BlockCodecCheckTests
{
    private delegate int EncodeFault(ReadOnlySpan<byte> page, Span<byte> block);

    private delegate bool DecodeFault(ReadOnlySpan<byte> block, Span<byte> page);

    [Fact]
    public void Codecs_that_work_pass() => Assert.All(
        BlockFuzzProbe.Codecs, codec => Assert.Null(BlockCodecCheck.FindFault(codec)));

    [Fact]
    public void An_encoder_that_writes_nothing_is_found_out() =>
        AssertFound("does not encode", new Faulty { Encoding = static (_, _) => 0 });

    [Fact]
    public void An_encoder_that_says_too_much_is_found_out() =>
        AssertFound("does not encode", new Faulty { Encoding = static (_, block) => block.Length + 1 });

    [Fact]
    public void An_encoder_of_another_page_is_found_out() => AssertFound(
        "does not come back",
        new Faulty { Encoding = static (_, block) => K4os.Encode(TestPages.Create(4, 1), block) });

    [Fact]
    public void A_decoder_that_refuses_all_is_found_out() =>
        AssertFound("does not come back", new Faulty { Decoding = static (_, _) => false });

    [Fact]
    public void A_decoder_that_changes_a_byte_is_found_out() => AssertFound(
        "does not come back",
        new Faulty
        {
            Decoding = static (block, page) =>
            {
                bool decoded = K4os.TryDecode(block, page);
                page[^1] ^= 1;
                return decoded;
            },
        });

    [Fact]
    public void A_decoder_that_takes_a_cut_block_is_found_out() => AssertFound(
        "cut off",
        new Faulty { Decoding = static (block, page) => K4os.TryDecode(block, page) || block.Length % 50 == 0 });

    [Fact]
    public void An_encoder_that_shrinks_noise_is_found_out() => AssertFound(
        "noise",
        new Faulty { Encoding = static (page, block) => K4os.Encode(page, block) is > 0 and var bytes ? bytes : 9 });

    [Fact]
    public void A_decoder_that_takes_malformed_blocks_is_found_out() => AssertFound(
        "malformed",
        new Faulty
        {
            Decoding = static (block, page) => K4os.TryDecode(block, page)
                || (block.Length > 3 && block[0] == 0x1F && block[2] == 2),
        });

    private static K4osBlockCodec K4os => K4osBlockCodec.Instance;

    private static void AssertFound(string fault, IBlockCodec codec) =>
        Assert.Contains(fault, BlockCodecCheck.FindFault(codec));

    private sealed class Faulty : IBlockCodec
    {
        public EncodeFault Encoding { get; init; } = K4os.Encode;

        public DecodeFault Decoding { get; init; } = K4os.TryDecode;

        public string Name => "faulty";

        public int Encode(ReadOnlySpan<byte> page, Span<byte> block) => Encoding(page, block);

        public bool TryDecode(ReadOnlySpan<byte> block, Span<byte> page) => Decoding(block, page);
    }
}
