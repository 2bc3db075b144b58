using K4os.Compression.LZ4;

namespace RemoteSwap.Codec.Tests;

/// <summary>
/// Makes blocks of all degrees of wrongness from a seed: valid ones changed a little, made up ones, and noise.
/// </summary>
internal static class BlockFuzz
{
    private const int Samples = 96;
    private const int MaxBytes = 4400;
    private static readonly byte[][] Valid = [.. Enumerable.Range(0, Samples).Select(Sample)];

    /// <summary>One block.</summary>
    public static byte[] Create(int seed)
    {
        Random random = new(seed);
        byte[] block = random.Next(10) switch
        {
            < 5 => [.. Valid[random.Next(Samples)]],
            < 9 => MadeUp(random),
            _ => Noise(random),
        };
        for (int changes = random.Next(4); changes > 0 && block.Length > 0; changes--)
        {
            block = Change(random, block);
        }

        return block;
    }

    private static byte[] Change(Random random, byte[] block)
    {
        // Most of what matters is in the first bytes and in the last.
        int at = random.Next(3) switch
        {
            0 => random.Next(Math.Min(block.Length, 24)),
            1 => block.Length - 1 - random.Next(Math.Min(block.Length, 24)),
            _ => random.Next(block.Length),
        };
        switch (random.Next(6))
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
