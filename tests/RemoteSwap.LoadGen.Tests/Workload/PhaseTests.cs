using Microsoft.Extensions.Time.Testing;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Progress;
using RemoteSwap.LoadGen.Reports.Model;
using RemoteSwap.LoadGen.Workload;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Workload;

public sealed class PhaseTests
{
    [Fact]
    public async Task In_an_open_loop_a_stall_counts_for_every_call_that_waited()
    {
        // 101 calls at 1,000 a second; the first takes 100 ms, so that the others start late by 99, 98, ... 0 ms.
        FakeTimeProvider clock = new();
        StallingTarget target = new(clock, TimeSpan.FromMilliseconds(100), batch: 1);
        using TestBench bench = new(target, clock, pages: 101, slots: 101, workers: 1, batch: 1);

        await bench.RunAsync(new StorePhase(), PhaseNames.Store, null, rate: 1_000);

        LatencyReport latency = bench.Report().Phases.Single().LatencyUs;
        Assert.InRange(latency.Max, 99_900, 100_100);
        Assert.InRange(latency.P50, 49_000, 51_000);
        Assert.InRange(latency.P99, 98_000, 100_000);
    }

    [Fact]
    public async Task In_a_closed_loop_the_same_stall_counts_once()
    {
        FakeTimeProvider clock = new();
        StallingTarget target = new(clock, TimeSpan.FromMilliseconds(100), batch: 1);
        using TestBench bench = new(target, clock, pages: 101, slots: 101, workers: 1, batch: 1);

        await bench.RunAsync(new StorePhase(), PhaseNames.Store, null);

        LatencyReport latency = bench.Report().Phases.Single().LatencyUs;
        Assert.InRange(latency.Max, 99_900, 100_100);
        Assert.Equal(0, latency.P50);
    }

    [Fact]
    public async Task A_worker_allocates_nothing_for_a_page()
    {
        const int Pages = 4_096;
        FakeTimeProvider clock = new();
        using TestBench bench = new(
            new StallingTarget(clock, TimeSpan.Zero, 64), clock, pages: Pages, slots: Pages, workers: 1, batch: 64);
        SwapWorker worker = bench.Workers[0];
        PhaseProgress progress = new("store", Pages, duration: null);
        worker.BeginPhase(schedule: null);
        await new StorePhase().RunAsync(worker, progress);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Task run = new StorePhase().RunAsync(worker, progress);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The target answers at once, so the whole phase ran on this thread; a call may cost a little, a page nothing.
        Assert.True(run.IsCompletedSuccessfully);
        Assert.InRange(allocated, 0, Pages / 64 * 1_024);
    }

    [Fact]
    public async Task Interrupted_workers_end_after_their_call_and_the_summary_says_so()
    {
        using TestBench bench = new(new MemoryTarget(Lie.None));
        await bench.RunAsync(new StorePhase(), PhaseNames.Store, null);
        await bench.RunAsync(new LoadPhase(), null, PhaseNames.Load);
        MixedPhase phase = new(50, DistributionKind.Uniform, 10, TimeSpan.FromHours(1), pages: 0);
        Task<TestBench> mixed = bench.RunAsync(phase, PhaseNames.MixedStore, PhaseNames.MixedLoad);

        bench.Control.Interrupt();
        await mixed;

        RunReport report = bench.Report();
        Assert.True(report.Interrupted);
        Assert.Equal("clean", report.Verdict.Result);
        Assert.Equal(ExitCode.Ok, report.ExitCode);
        Assert.Contains(report.Remarks, remark => remark.StartsWith("Stopped by the user", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(10, 10, 4)]
    [InlineData(1_000, 10, 3)]
    [InlineData(3, 2, 8)]
    [InlineData(1_000_003, 777_777, 7)]
    public void Every_slot_has_one_owner_and_every_page_a_slot_of_its_own(long slots, long pages, int workers)
    {
        long nextSlot = 0;
        long nextPage = 5;
        foreach (SlotPlan plan in SlotPlan.Cut(slots, pages, workers, firstPage: 5))
        {
            Assert.Equal(nextSlot, (long)plan.FirstSlot);
            Assert.Equal(nextPage, plan.FirstPage);
            Assert.InRange(plan.Pages, 0, plan.Slots);
            HashSet<int> used = [];
            for (int page = 0; page < plan.Pages; page++)
            {
                int slot = plan.SlotOf(page);
                Assert.InRange(slot, 0, plan.Slots - 1);
                Assert.True(used.Add(slot));
            }

            nextSlot += plan.Slots;
            nextPage += plan.Pages;
        }

        Assert.Equal(slots, nextSlot);
        Assert.Equal(pages + 5, nextPage);
    }

    [Fact]
    public void A_timeline_stays_bounded()
    {
        ThroughputTimeline timeline = new();
        for (int i = 1; i <= 100_000; i++)
        {
            timeline.Add(TimeSpan.FromSeconds(i), i * 10L);
        }

        IReadOnlyList<TimelinePoint> points = timeline.ToPoints(TimeSpan.FromSeconds(100_001), 1_000_010);
        Assert.InRange(points.Count, 100, ThroughputTimeline.MaxSamples + 1);
        Assert.All(points, point => Assert.Equal(10, point.PagesPerSecond, precision: 6));
    }

    [Fact]
    public async Task Without_a_terminal_a_phase_writes_a_line_at_its_end_and_each_ten_seconds()
    {
        using StringWriter text = new();
        PlainView view = new(text);
        PhaseProgress progress = new("swap out", 1_000, duration: null);
        view.Begin(progress);
        progress.Add(250);
        for (int tenths = 0; tenths < 250; tenths++)
        {
            view.Update(progress, TimeSpan.FromSeconds(tenths / 10.0));
        }

        view.End(progress, TimeSpan.FromSeconds(25));

        string[] lines = (await new StringReader(text.ToString()).ReadToEndAsync()).TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains("25 %", lines[0], StringComparison.Ordinal);
        Assert.Contains("done, 250 pages", lines[2], StringComparison.Ordinal);
    }
}
