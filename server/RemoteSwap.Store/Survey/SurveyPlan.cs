namespace RemoteSwap.Store;

/// <summary>
/// How a run is cut into blocks, so that a look at it has bounds: of the blocks that it answers, and of the frames that
/// it reads for them.
/// </summary>
/// <param name="From">The first frame.</param>
/// <param name="Count">How many, 0 or more.</param>
/// <param name="BlockFrames">How many a block stands for: a power of two.</param>
/// <param name="LookedPerBlock">How many of them are read, from its first on.</param>
internal readonly record struct SurveyPlan(long From, long Count, long BlockFrames, long LookedPerBlock)
{
    public int Blocks => (int)((Count + BlockFrames - 1) / BlockFrames);

    /// <summary>Cuts a run.</summary>
    /// <param name="from">The first frame that is wanted, 0 or more.</param>
    /// <param name="count">How many are wanted, 0 or more.</param>
    /// <param name="end">Behind the last that there is.</param>
    /// <param name="maxBlocks">The most blocks, at least 1.</param>
    /// <param name="maxLooked">The most frames to read, at least as many.</param>
    public static SurveyPlan Of(long from, long count, long end, int maxBlocks, int maxLooked)
    {
        count = Math.Max(0, Math.Min(count, end - from));
        long block = 1;
        while ((count + block - 1) / block > maxBlocks)
        {
            block *= 2;
        }

        long blocks = Math.Max(1, (count + block - 1) / block);
        return new SurveyPlan(from, count, block, count <= maxLooked ? block : Math.Min(block, maxLooked / blocks));
    }

    /// <summary>The parts to read, in order: each within one block run and of at most so many frames.</summary>
    /// <param name="partFrames">The most of a part; parts do not cross its multiples.</param>
    public IEnumerable<(long First, int Count)> Parts(int partFrames)
    {
        // Blocks that are read whole lie against each other: their parts need not end where they do.
        long run = LookedPerBlock == BlockFrames ? Count : LookedPerBlock;
        long step = LookedPerBlock == BlockFrames ? Math.Max(1, Count) : BlockFrames;
        for (long start = 0; start < Count; start += step)
        {
            long stop = From + Math.Min(Count, start + run);
            for (long first = From + start; first < stop;)
            {
                long next = Math.Min(stop, ((first / partFrames) + 1) * partFrames);
                yield return (first, (int)(next - first));
                first = next;
            }
        }
    }
}
