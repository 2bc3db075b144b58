using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Client.Tests.Telemetry;
using RemoteSwap.LoadGen.Telemetry;
using RemoteSwap.LoadGen.Tests.Workload;
using RemoteSwap.LoadGen.Workload;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Telemetry;

/// <summary>What the program measures of its calls.</summary>
public sealed class LoadGenMeterTests
{
    private const string Duration = "remoteswap.loadgen.operation.duration";

    [Fact]
    public async Task A_stall_counts_from_the_intended_start_of_every_call_that_waited()
    {
        using MeterWatch meters = new();
        FakeTimeProvider clock = new();
        StallingTarget target = new(clock, TimeSpan.FromMilliseconds(100), batch: 1);
        using TestBench bench = new(
            target, clock, pages: 101, slots: 101, workers: 1, batch: 1, meter: MeterOf(meters));

        await bench.RunAsync(new StorePhase(), PhaseNames.Store, null, rate: 1_000);

        Assert.Equal(101, meters.Count(Duration, "operation=store", "outcome=answered"));
        Assert.InRange(meters.Range(Duration).Most, 0.0999, 0.1001);
        Assert.InRange(meters.Sum(Duration), 5.0, 5.1);
    }

    [Fact]
    public async Task Calls_are_counted_by_what_became_of_them()
    {
        using MeterWatch meters = new();
        MemoryTarget target = new(Lie.None) { RefuseEvery = 100, FailEvery = 5 };
        using TestBench bench = new(target, workers: 1, allowRefusals: true, meter: MeterOf(meters));

        await bench.RunAllAsync();

        Assert.NotEqual(0, meters.Count(Duration, "operation=store", "outcome=answered"));
        Assert.NotEqual(0, meters.Count(Duration, "operation=store", "outcome=refused"));
        Assert.NotEqual(0, meters.Count(Duration, "operation=store", "outcome=failed"));
        Assert.NotEqual(0, meters.Count(Duration, "operation=load", "outcome=answered"));
        Assert.NotEqual(0, meters.Count(Duration, "operation=invalidate", "outcome=answered"));
    }

    private static LoadGenMeter MeterOf(MeterWatch meters) => new(meters.Create(new MeterOptions(LoadGenMeter.Name)));
}
