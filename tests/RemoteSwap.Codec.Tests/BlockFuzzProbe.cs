using CsCheck;

namespace RemoteSwap.Codec.Tests;

/// <summary>
/// The fuzz runs themselves, without a test framework, so that they also run inside a mutant's build and in a process
/// that is meant to die. Blocks and pages lie against guards, before and behind, in turn.
/// </summary>
internal static class BlockFuzzProbe
{
    private const int MaxBatch = 9;
    private const int BatchBytes = 96 * 1024;

    [ThreadStatic]
    private static GuardedMemory? t_blocks;

    [ThreadStatic]
    private static GuardedMemory? t_page;

    private static GuardedMemory Blocks => t_blocks ??= new GuardedMemory(BatchBytes);

    private static GuardedMemory Page => t_page ??= new GuardedMemory(PageSize.Bytes);

    /// <summary>The codecs that this machine has.</summary>
    public static IReadOnlyList<IBlockCodec> Codecs { get; } =
        NativeLz4BlockCodec.TryLoad(out NativeLz4BlockCodec? native, out _)
            ? [K4osBlockCodec.Instance, native]
            : [K4osBlockCodec.Instance];

    /// <summary>Checks the format walker and the codecs on made-up blocks.</summary>
    /// <param name="cases">How many.</param>
    /// <returns>How many the walker accepted.</returns>
    public static int Run(int cases)
    {
        int accepted = 0;
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                if (CheckBlock(BlockFuzz.Create(seed), atEnd: seed % 2 == 0))
                {
                    Interlocked.Increment(ref accepted);
                }
            },
            iter: cases);
        return accepted;
    }

    /// <summary>Checks the walk through many blocks at once.</summary>
    /// <param name="batches">How many times.</param>
    /// <returns>How many batches had no malformed block.</returns>
    public static int RunBatches(int batches)
    {
        int accepted = 0;
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                if (CheckBatch(seed))
                {
                    Interlocked.Increment(ref accepted);
                }
            },
            iter: batches);
        return accepted;
    }

    /// <summary>Checks one block; tells whether the walker accepts it.</summary>
    public static bool CheckBlock(ReadOnlySpan<byte> original, bool atEnd)
    {
        ReadOnlySpan<byte> block = Blocks.Copy(original, atEnd);
        bool accepts = Lz4BlockFormat.DecodesToOnePage(block);
        Require(accepts == ReferenceWalk.DecodesToOnePage(block), "the walk's verdict is the format's");
        byte[]? expected = accepts ? NaiveLz4.Decode(block) : null;
        foreach (IBlockCodec codec in Codecs)
        {
            Span<byte> page = Page.Take(PageSize.Bytes, atEnd);
            page.Fill(0xC3);
            bool decodes = codec.TryDecode(block, page);
            Require(!accepts || decodes, $"{codec.Name} decodes what is accepted");
            Require(expected is null || page.SequenceEqual(expected), $"{codec.Name} decodes as the format says");
        }

        return accepts;
    }

    private static bool CheckBatch(int seed)
    {
        Random random = new(seed);
        byte[][] blocks = new byte[random.Next(1, MaxBatch)][];
        ZpageEncoding[] encodings = new ZpageEncoding[blocks.Length];

        // Mostly good ones, or the first malformed one is always among the first.
        int fuzzEvery = random.Next(2, 12);
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = random.Next(fuzzEvery) == 0
                ? BlockFuzz.Create(random.Next())
                : BlockFuzz.CreateValid(random.Next());
            encodings[i] = random.Next(8) == 0 ? ZpageEncoding.Raw : ZpageEncoding.Lz4;
        }

        int expected = 0;
        while (expected < blocks.Length
            && (encodings[expected] != ZpageEncoding.Lz4 || ReferenceWalk.DecodesToOnePage(blocks[expected])))
        {
            expected++;
        }

        int[] sizes = [.. blocks.Select(block => block.Length)];
        ReadOnlySpan<byte> zpages = Blocks.Copy((byte[])[.. blocks.SelectMany(block => block)], seed % 2 == 0);
        int found = Lz4BlockBatch.FirstMalformed(encodings, sizes, zpages);
        Require(found == expected, $"the first malformed block of a batch is {expected}, not {found}");
        return expected == blocks.Length;
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"broken: {rule}");
        }
    }
}
