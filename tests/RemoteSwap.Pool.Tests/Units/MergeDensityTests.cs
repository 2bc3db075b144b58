using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

/// <summary>How dense merging gets a pool that churn has thinned, against the best that there can be.</summary>
public sealed class MergeDensityTests
{
    private const int Zpages = 20_000;
    private const double ThinnedDensity = 1.2;

    [Theory]
    [InlineData("all of 1,600 bytes", 1600, 1600, 1.99)]
    [InlineData("at most half a frame", 200, 1984, 1.99)]
    [InlineData("pairs that just fit", 1000, 3000, 1.85)]
    public void Churn_to_a_density_of_1_2_is_undone_for_sizes_that_allow_it(
        string sizes, int least, int most, double density)
    {
        using FrameArena arena = new(2 * Zpages);
        ZbudPool pool = new(arena, arena, number: 1, owner: 1);
        FrameMerger merger = new(pool);
        Random random = new(1);
        lock (pool.Gate)
        {
            Thin(pool, random, least, most);
            double before = Density(pool);
            Assert.InRange(before, ThinnedDensity - 0.1, ThinnedDensity + 0.1);
            int possible = merger.CountMerges();
            int best = BestPairs([.. Lone(pool)]);
            int frames = pool.FrameCount;

            int merged = MergeAll(merger);

            Assert.Equal((best, best), (possible, merged));
            Assert.Equal(frames - merged, pool.FrameCount);
            Assert.Equal(0, merger.CountMerges());
            Assert.True(Density(pool) >= density, $"{sizes}: {before:0.000} became {Density(pool):0.000} only");
            TestContext.Current.TestOutputHelper?.WriteLine(
                FormattableString.Invariant($"{sizes}: {before:0.000} became {Density(pool):0.000}"));
            List<string> violations = [];
            PoolAudit.Run(pool, violations);
            Assert.Empty(violations);
        }
    }

    [Fact]
    public void Zpages_above_half_a_frame_can_not_be_paired_and_nothing_is_promised()
    {
        using FrameArena arena = new(2 * Zpages);
        ZbudPool pool = new(arena, arena, number: 1, owner: 1);
        FrameMerger merger = new(pool);
        lock (pool.Gate)
        {
            for (int i = 0; i < 1000; i++)
            {
                Assert.Equal(AllocStatus.Ok, pool.TryAllocate(2049 + (i % 1900), out _));
            }

            Assert.Equal(0, merger.CountMerges());
            Assert.Equal(MoveStatus.NoPlace, merger.TryMergeOne());
        }
    }

    [Fact]
    public void What_can_be_merged_is_what_the_best_pairing_gives_for_any_sizes()
    {
        Random random = new(2);
        for (int round = 0; round < 300; round++)
        {
            using FrameArena arena = new(256);
            ZbudPool pool = new(arena, arena, number: 1, owner: 1);
            FrameMerger merger = new(pool);
            int middle = random.Next(1, Chunks.Usable);
            int spread = random.Next(1, 40);
            lock (pool.Gate)
            {
                for (int i = 0; i < 60; i++)
                {
                    int chunks = Math.Clamp(middle + random.Next(-spread, spread + 1), 1, Chunks.Usable - 1);
                    Assert.Equal(AllocStatus.Ok, pool.TryAllocate(chunks * Chunks.Bytes, out ZbudHandle lone));
                    if (random.Next(3) == 0)
                    {
                        Assert.True(pool.Free(lone));
                    }
                }

                int best = BestPairs([.. Lone(pool)]);
                Assert.Equal(best, merger.CountMerges());
                Assert.Equal(best, MergeAll(merger));
            }
        }
    }

    // Stores more than stay and frees at random, so that most frames have lost one of two.
    private static void Thin(ZbudPool pool, Random random, int least, int most)
    {
        const double Freed = (2 / ThinnedDensity) - 1;
        List<ZbudHandle> handles = [];
        for (int i = 0; i < Zpages; i++)
        {
            Assert.Equal(AllocStatus.Ok, pool.TryAllocate(random.Next(least, most + 1), out ZbudHandle handle));
            handles.Add(handle);
        }

        foreach (ZbudHandle handle in handles)
        {
            if (random.NextDouble() < Freed)
            {
                Assert.True(pool.Free(handle));
            }
        }
    }

    private static double Density(ZbudPool pool) => (double)pool.Statistics.Zpages / pool.FrameCount;

    private static IEnumerable<int> Lone(ZbudPool pool)
    {
        for (int free = 1; free < Chunks.Usable; free++)
        {
            for (int i = 0; i < pool.Frames.Lists.Unbuddied[free].Count; i++)
            {
                yield return Chunks.Usable - free;
            }
        }
    }

    private static int MergeAll(FrameMerger merger)
    {
        int merged = 0;
        while (merger.TryMergeOne() == MoveStatus.Moved)
        {
            merged++;
        }

        return merged;
    }

    // From the other end than the pool does it: for the smallest first, the largest that fits; found out by trying how
    // many of the smallest can all be paired, which is as many as there can be.
    private static int BestPairs(int[] chunks)
    {
        Array.Sort(chunks);
        int best = 0;
        for (int pairs = 1; 2 * pairs <= chunks.Length; pairs++)
        {
            // The smallest 2n: the smallest of them beside the largest of them, and so on.
            bool fits = true;
            for (int i = 0; i < pairs && fits; i++)
            {
                fits = chunks[i] + chunks[(2 * pairs) - 1 - i] <= Chunks.Usable;
            }

            best = fits ? pairs : best;
        }

        return best;
    }
}
