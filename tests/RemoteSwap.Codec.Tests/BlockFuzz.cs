using K4os.Compression.LZ4;

namespace RemoteSwap.Codec.Tests;

/// <summary>
/// Makes blocks of all degrees of wrongness from a seed: valid ones changed a little or spliced, made up ones, and
/// noise.
/// </summary>
internal static class BlockFuzz
{
    private const int Samples = 96;
    private const int MaxBytes = 4400;
    private const int MaxRun = 40;

    // No length of it takes more than one byte beside the token.
    private const int MaxShortSequence = 120;

    private static readonly byte[][] Valid = [.. Enumerable.Range(0, Samples).Select(Sample)];

    /// <summary>One block.</summary>
    public static byte[] Create(int seed)
    {
        Random random = new(seed);
        byte[] block = random.Next(10) switch
        {
            < 5 => [.. Valid[random.Next(Samples)]],
            < 7 => MadeUp(random),
            < 9 => AtLimits(random),
            _ => Noise(random),
        };
        for (int changes = random.Next(4); changes > 0 && block.Length > 0; changes--)
        {
            block = Change(random, block);
        }

        return block;
    }

    /// <summary>One block that is as it should be.</summary>
    public static byte[] CreateValid(int seed) => Valid[(uint)seed % Samples];

    private static byte[] Change(Random random, byte[] block)
    {
        // Most of what matters is in the first bytes and in the last.
        int at = random.Next(3) switch
        {
            0 => random.Next(Math.Min(block.Length, 24)),
            1 => block.Length - 1 - random.Next(Math.Min(block.Length, 24)),
            _ => random.Next(block.Length),
        };
        switch (random.Next(8))
        {
            case 0:
                return block[..at];
            case 1:
                return [.. block[..at], (byte)random.Next(256), .. block[at..]];
            case 2:
                block[at] = byte.MaxValue;
                return block;
            case 3:
                block[at] = 0;
                return block;
            case 4:
                byte[] run = new byte[random.Next(1, MaxRun)];
                Array.Fill(run, byte.MaxValue);
                return [.. block[..at], .. run, .. block[at..]];
            case 5:
                byte[] other = Valid[random.Next(Samples)];
                return [.. block[..at], .. other[random.Next(other.Length)..]];
            default:
                block[at] ^= (byte)(1 << random.Next(8));
                return block;
        }
    }

    // Well-formed sequences whose sum is about a page; some keep every limit exactly.
    private static byte[] MadeUp(Random random)
    {
        BlockBuilder builder = new();
        int target = PageSize.Bytes - random.Next(3, 9);
        do
        {
            int literals = random.Next(4) == 0 ? random.Next(600) : random.Next(20);
            int offset = random.Next(builder.Produced + literals + (random.Next(8) == 0 ? 3 : 1));
            int room = target - builder.Produced - literals;
            int match = random.Next(3) == 0 ? Math.Max(4, room) : 4 + random.Next(300);
            builder.Sequence(literals, offset, match);
        }
        while (builder.Produced < target - random.Next(40) && builder.Produced < PageSize.Bytes);

        return builder.End(Math.Max(0, PageSize.Bytes - builder.Produced - (random.Next(6) == 0 ? 1 : 0))).ToBlock();
    }

    // The last match starts and ends about where it may at the latest.
    private static byte[] AtLimits(Random random)
    {
        int start = PageSize.Bytes - random.Next(9, 40);
        int end = Math.Max(start + 4, PageSize.Bytes - random.Next(3, 8));
        BlockBuilder builder = new();
        while (start - builder.Produced > 2 * MaxShortSequence)
        {
            builder.Sequence(literals: 14, offset: 8, match: random.Next(4, MaxShortSequence));
        }

        return builder
            .Sequence(start - builder.Produced, offset: random.Next(1, 64), match: end - start)
            .End(PageSize.Bytes - end)
            .ToBlock();
    }

    private static byte[] Noise(Random random)
    {
        byte[] block = new byte[random.Next(1, random.Next(2, MaxBytes))];
        random.NextBytes(block);
        return block;
    }

    private static byte[] Sample(int index)
    {
        byte[] block = new byte[LZ4Codec.MaximumOutputSize(PageSize.Bytes)];
        LZ4Level level = index % 2 == 0 ? LZ4Level.L00_FAST : LZ4Level.L09_HC;
        return block[..LZ4Codec.Encode(TestPages.Create(index % 7, index), block, level)];
    }
}
