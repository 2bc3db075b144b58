using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Server.Management;

namespace RemoteSwap.Console.Tests;

/// <summary>Nobody pays for latencies while nobody looks at them, and percentiles are right to an eighth.</summary>
public sealed class LatencyWatchTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new();
    private readonly Histogram<double> _loads;
    private readonly LatencyWatch _watch;

    public LatencyWatchTests()
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        _loads = meters.Create("LatencyWatchTests").CreateHistogram<double>("remoteswap.load.duration", "s");
        _watch = new LatencyWatch(meters, _time);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void It_listens_from_the_first_look_until_nobody_looks()
    {
        Assert.False(_loads.Enabled);
        _loads.Record(1);
        Assert.Equal(0, Loads().Count);
        Assert.True(_loads.Enabled);

        _time.Advance(LatencyWatch.Unwatched - TimeSpan.FromSeconds(1));
        _loads.Record(1);
        Assert.Equal(1, Loads().Count);
        _time.Advance(LatencyWatch.Unwatched - TimeSpan.FromSeconds(1));
        Assert.True(_watch.IsWatching);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_watch.IsWatching);
        Assert.False(_loads.Enabled);
        Assert.Equal(0, Loads().Count);
        Assert.Equal(2, _watch.Look().Watch);
    }

    [Theory]
    [InlineData(0, 9)]
    [InlineData(0.000_001, 1_000)]
    [InlineData(0.000_064, 64_000)]
    [InlineData(0.003, 3_000_000)]
    [InlineData(1.5, 1_500_000_000)]
    [InlineData(10, 10_000_000_000)]
    public void A_time_is_in_a_bucket_whose_bound_is_above_it_by_an_eighth_at_most(double seconds, long nanoseconds)
    {
        Loads();
        _loads.Record(seconds);

        long[] bucket = Assert.Single(Loads().Buckets);
        Assert.InRange(bucket[0], nanoseconds, nanoseconds + (nanoseconds / 8) + 1);
        Assert.Equal(1, bucket[1]);
    }

    [Fact]
    public void Times_beyond_all_buckets_are_counted_with_the_longest()
    {
        Loads();
        _loads.Record(3600);
        _loads.Record(1e12);

        Assert.Equal(2, Assert.Single(Loads().Buckets)[1]);
    }

    [Fact]
    public async Task Threads_lose_no_call()
    {
        Loads();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int call = 0; call < 10_000; call++)
            {
                _loads.Record(0.001);
            }
        })));

        Assert.Equal(80_000, Loads().Count);
    }

    private ConsoleLatency.Operation Loads() => _watch.Look().Operations.Single(one => one.Name == "load");
}
