namespace RemoteSwap.Codec;

/// <summary>
/// Puts a block codec to the test before anything relies on it: pages come back, the managed codec understands its
/// blocks and the other way round, and what is malformed is refused.
/// <para>
/// What it is not: proof. It finds a library that is another one than its name says, or broken; it takes some hundred
/// microseconds, once a process.
/// </para>
/// </summary>
internal static class BlockCodecCheck
{
    private const byte Untouched = 0xC3;
    private const int MarginBytes = 64;

    // Every this many bytes a block is cut; the last cuts are made one by one.
    private const int CutStep = 13;
    private const int LastCuts = 24;

    // One literal, a match of 4,090 bytes at an offset, five literals: a page, if the offset is 1.
    private const int MatchRunBytes = 15;
    private const int OffsetAt = 2;

    /// <summary>What is wrong with a codec; null if nothing was found.</summary>
    public static string? FindFault(IBlockCodec codec)
    {
        byte[] page = new byte[PageSize.Bytes];
        byte[] block = new byte[ZpageLimits.MaxCompressedBytes];
        foreach (int noiseBytes in (ReadOnlySpan<int>)[0, 100, PageSize.Bytes / 2, PageSize.Bytes - 400])
        {
            Fill(page, noiseBytes);
            int bytes = codec.Encode(page, block);
            if (bytes <= 0 || bytes > block.Length || !Lz4BlockFormat.DecodesToOnePage(block.AsSpan(0, bytes)))
            {
                return "it does not encode to LZ4 blocks";
            }

            if (!Decodes(K4osBlockCodec.Instance, block.AsSpan(0, bytes), page)
                || !Decodes(codec, block.AsSpan(0, bytes), page))
            {
                return "what it encodes does not come back as it was";
            }

            bytes = K4osBlockCodec.Instance.Encode(page, block);
            if (!Decodes(codec, block.AsSpan(0, bytes), page))
            {
                return "it does not decode what others encode";
            }

            if (TakesCutBlock(codec, block.AsSpan(0, bytes)))
            {
                return "it takes a block that is cut off";
            }
        }

        return FindFaultWithLimits(codec, page, block);
    }

    private static string? FindFaultWithLimits(IBlockCodec codec, byte[] page, byte[] block)
    {
        Fill(page, PageSize.Bytes);
        if (codec.Encode(page, block) != 0)
        {
            return "it says that noise becomes smaller";
        }

        byte[] run = MatchRun(offset: 1);
        Array.Fill(page, run[1]);
        run.AsSpan(run.Length - 5).CopyTo(page.AsSpan(PageSize.Bytes - 5));
        if (!Decodes(codec, run, page))
        {
            return "it does not decode a long match";
        }

        bool takesWrong = TryDecode(codec, MatchRun(offset: 2), out _)
            || TryDecode(codec, MatchRun(offset: ushort.MaxValue), out _);
        Array.Fill(block, byte.MaxValue);
        return takesWrong || TryDecode(codec, block, out _) ? "it takes a malformed block" : null;
    }

    private static byte[] MatchRun(int offset)
    {
        byte[] run = [0x1F, 7, 0, 0, .. new byte[MatchRunBytes], 246, 0x50, 1, 2, 3, 4, 5];
        run.AsSpan(OffsetAt + sizeof(ushort), MatchRunBytes).Fill(byte.MaxValue);
        run[OffsetAt] = (byte)offset;
        run[OffsetAt + 1] = (byte)(offset >> 8);
        return run;
    }

    private static bool TakesCutBlock(IBlockCodec codec, ReadOnlySpan<byte> block)
    {
        for (int bytes = 0; bytes < block.Length; bytes += bytes < block.Length - LastCuts - CutStep ? CutStep : 1)
        {
            if (TryDecode(codec, block[..bytes], out _))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Decodes(IBlockCodec codec, ReadOnlySpan<byte> block, ReadOnlySpan<byte> page) =>
        TryDecode(codec, block, out byte[] room)
            && room.AsSpan(MarginBytes, PageSize.Bytes).SequenceEqual(page)
            && room.AsSpan(0, MarginBytes).IndexOfAnyExcept(Untouched) < 0
            && room.AsSpan(MarginBytes + PageSize.Bytes).IndexOfAnyExcept(Untouched) < 0;

    private static bool TryDecode(IBlockCodec codec, ReadOnlySpan<byte> block, out byte[] room)
    {
        room = new byte[PageSize.Bytes + (2 * MarginBytes)];
        Array.Fill(room, Untouched);
        return codec.TryDecode(block, room.AsSpan(MarginBytes, PageSize.Bytes));
    }

    // Noise first, then a table of small numbers in which words repeat. Any generator would do.
    private static void Fill(Span<byte> page, int noiseBytes)
    {
        uint state = 1;
        for (int at = 0; at < page.Length; at++)
        {
            state = (state * 1_664_525) + 1_013_904_223;
            page[at] = at < noiseBytes ? (byte)(state >> 24) : (byte)(at % 7 == 0 ? at / 64 : at % 5);
        }
    }
}
