using RemoteSwap.LoadGen.Distributions;
using RemoteSwap.LoadGen.Options;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Distributions;

public sealed class SlotDistributionTests
{
    private const int Draws = 200_000;

    [Theory]
    [InlineData(DistributionKind.Uniform)]
    [InlineData(DistributionKind.Zipf)]
    [InlineData(DistributionKind.Sequential)]
    [InlineData(DistributionKind.Scan)]
    public void Every_slot_is_in_range_even_if_there_are_few(object kind)
    {
        for (int slots = 1; slots <= 5; slots++)
        {
            int[] counts = Count(Create((DistributionKind)kind, slots), slots, 2_000);
            Assert.All(counts, count => Assert.InRange(count, 1, 2_000));
        }
    }

    [Fact]
    public void Uniform_is_even()
    {
        int[] counts = Count(Create(DistributionKind.Uniform, 100), 100, Draws);

        Assert.All(counts, count => Assert.InRange(count, Draws / 100 * 0.85, Draws / 100 * 1.15));
    }

    [Fact]
    public void Zipf_gives_each_rank_its_share()
    {
        ZipfDistribution zipf = new(1_000, new SeededRandom(3));

        int[] counts = Count(zipf, 1_000, Draws);

        foreach (int rank in new[] { 1, 2, 10, 50 })
        {
            double share = (double)counts[zipf.SlotOfRank(rank)] / Draws;
            Assert.InRange(share, zipf.ShareOfRank(rank) * 0.75, zipf.ShareOfRank(rank) * 1.25);
        }

        // Hot slots are spread: the ten hottest are not the first ten.
        Assert.NotEqual(Enumerable.Range(0, 10), Enumerable.Range(1, 10).Select(zipf.SlotOfRank).Order());
    }

    [Fact]
    public void Sequential_goes_round()
    {
        ISlotDistribution sequential = Create(DistributionKind.Sequential, 3);

        Assert.Equal([0, 1, 2, 0, 1, 2, 0], Enumerable.Range(0, 7).Select(_ => sequential.Next()));
    }

    [Fact]
    public void Scan_gives_the_hot_set_every_second_access()
    {
        int[] counts = Count(Create(DistributionKind.Scan, 1_000), 1_000, Draws);

        // Half of the accesses go to a tenth of the slots, the other half to all alike.
        double hotShare = (double)counts.Take(100).Sum() / Draws;
        Assert.InRange(hotShare, 0.54, 0.56);
        Assert.All(counts.Skip(100), count => Assert.Equal(Draws / 2 / 1_000, count));
    }

    [Fact]
    public void A_seed_repeats_the_order()
    {
        ISlotDistribution first = Create(DistributionKind.Zipf, 500);
        ISlotDistribution again = Create(DistributionKind.Zipf, 500);

        Assert.Equal(
            Enumerable.Range(0, 1_000).Select(_ => first.Next()).ToArray(),
            Enumerable.Range(0, 1_000).Select(_ => again.Next()).ToArray());
    }

    private static ISlotDistribution Create(DistributionKind kind, int slots) =>
        SlotDistribution.Create(kind, slots, hotPercent: 10, new SeededRandom(5));

    private static int[] Count(ISlotDistribution distribution, int slots, int draws)
    {
        int[] counts = new int[slots];
        for (int i = 0; i < draws; i++)
        {
            counts[distribution.Next()]++;
        }

        return counts;
    }
}
