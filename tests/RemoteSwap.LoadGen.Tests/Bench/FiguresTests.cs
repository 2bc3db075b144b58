using RemoteSwap.LoadGen.Bench;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Options;
using RemoteSwap.LoadGen.Bench.Reports;
using RemoteSwap.LoadGen.Bench.Reports.Model;
using RemoteSwap.LoadGen.Bench.Sets;
using RemoteSwap.LoadGen.Options;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Bench;

public sealed class FiguresTests
{
    private static readonly BenchOptions s_options = new()
    {
        Sets = [BenchSet.Headline],
        Rounds = 3,
        LegTime = TimeSpan.FromSeconds(1),
        WorkingSetBytes = 1 << 30,
    };

    private readonly List<string> _turns = [];

    [Fact]
    public async Task Legs_take_turns_and_the_first_round_does_not_count()
    {
        GroupFigures figures = await MeasureAsync(
            [
                new FixedLeg("store", _turns, FixedLeg.Rate(1), FixedLeg.Rate(10)),
                new FixedLeg("ping", _turns, FixedLeg.Rate(1000), FixedLeg.Rate(20)),
            ],
            RatioSpec.Rate("store", "ping", goal: null));

        Assert.Equal(
            ["store", "ping", "store", "ping", "store", "ping", "store", "ping"], _turns, StringComparer.Ordinal);
        RatioReport ratio = Assert.Single(Report(figures).Ratios);
        Assert.Equal([0.5, 0.5, 0.5], ratio.Rounds);
    }

    [Fact]
    public async Task A_ratio_is_formed_in_each_round_and_the_median_of_the_rounds_counts()
    {
        // Slow in one round, fast in another: the quotient of the medians would say 1.
        GroupFigures figures = await MeasureAsync(
            [
                new FixedLeg("store", _turns, Rates(1, 100, 30, 80)),
                new FixedLeg("ping", _turns, Rates(1, 200, 60, 80)),
            ],
            RatioSpec.Rate("store", "ping", Goal.Least(0.75)));

        RatioReport ratio = Assert.Single(Report(figures).Ratios);
        Assert.Equal(new SpreadReport(0.5, 0.5, 1), ratio.Figure);
        Assert.Equal(">= 0.75", ratio.Goal);
        Assert.False(ratio.Met);
    }

    [Fact]
    public async Task What_must_never_happen_is_judged_by_the_worst_round()
    {
        LegSample clean = FixedLeg.Rate(10) with { ServerFullCollections = 0 };
        FixedLeg leg = new("load", _turns, clean, clean, clean with { ServerFullCollections = 1 }, clean);

        GroupFigures figures = await MeasureAsync([leg], RatioSpec.FullCollections("load", Goal.Most(0)));

        RatioReport ratio = Assert.Single(Report(figures).Ratios);
        Assert.Equal(0, ratio.Figure!.Median);
        Assert.False(ratio.Met);
    }

    [Fact]
    public async Task A_leg_that_fails_is_not_tried_again_and_its_ratios_are_missing()
    {
        GroupFigures figures = await MeasureAsync(
            [
                new FixedLeg("store", _turns, new LegSample { Error = "no such device" }),
                new FixedLeg("ping", _turns, FixedLeg.Rate(20)),
            ],
            RatioSpec.Rate("store", "ping", Goal.Least(0.75)));

        BenchReport report = Build(figures);
        GroupReport group = Report(figures);
        Assert.Equal(1, _turns.Count(turn => turn == "store"));
        Assert.Null(Assert.Single(group.Ratios).Figure);
        Assert.Null(Assert.Single(group.Ratios).Met);
        Assert.Equal("no such device", group.Legs[0].Error);
        Assert.Equal((1, ExitCode.Failed), (report.FailedLegs, report.ExitCode));
    }

    [Fact]
    public async Task Missed_goals_are_no_failure_but_bad_pages_are()
    {
        RatioSpec missed = RatioSpec.Rate("store", "ping", Goal.Least(5));
        GroupFigures slow = await MeasureAsync(
            [
                new FixedLeg("store", _turns, FixedLeg.Rate(10)),
                new FixedLeg("ping", _turns, FixedLeg.Rate(20)),
            ],
            missed);
        GroupFigures wrong = await MeasureAsync(
            [
                new FixedLeg("store", _turns, FixedLeg.Rate(10), FixedLeg.Rate(10, bad: 1), FixedLeg.Rate(10)),
                new FixedLeg("ping", _turns, FixedLeg.Rate(20)),
            ],
            missed);

        Assert.Equal(ExitCode.Ok, Build(slow).ExitCode);
        Assert.Equal((1, ExitCode.WrongPage), (Build(wrong).BadPages, Build(wrong).ExitCode));
    }

    [Fact]
    public void Cost_a_page_is_that_of_both_processes()
    {
        LegSample sample = new()
        {
            Pages = 1_000_000,
            Seconds = 2,
            ClientCpuSeconds = 1,
            ServerCpuSeconds = 3,
            ServerAllocatedBytes = 4_000_000,
        };

        Assert.Equal(500_000, sample.PagesPerSecond);
        Assert.Equal(1, sample.ClientCpuUs);
        Assert.Equal(3, sample.ServerCpuUs);
        Assert.Equal(4, sample.CpuUs);
        Assert.Equal(4, sample.ServerAllocatedPerPage);
        Assert.Null(new LegSample { Pages = 1 }.ServerCpuUs);
    }

    [Fact]
    public void What_codec_and_ping_allow_is_all_cores_over_what_both_cost()
    {
        RoundSamples round = new();
        round.Add("encode", new LegSample { Pages = 1_000_000, Seconds = 5, ClientCpuSeconds = 5 });
        round.Add(
            "ping", new LegSample { Pages = 1_000_000, Seconds = 1, ClientCpuSeconds = 2, ServerCpuSeconds = 1 });

        Assert.Equal(Environment.ProcessorCount * 1e6 / 8, PageBed.Allowed(round, "encode", "ping")!.Value, 1e-6);
        Assert.Null(PageBed.Allowed(round, "encode", "none"));
    }

    private static LegSample[] Rates(params long[] pages) => [.. pages.Select(count => FixedLeg.Rate(count))];

    private static BenchReport Build(GroupFigures figures) => BenchReportBuilder.Build(
        s_options, DateTimeOffset.UnixEpoch, [new SetFigures(BenchSet.Headline, [figures], [])]);

    private static GroupReport Report(GroupFigures figures) => Build(figures).Sets[0].Groups[0];

    private static Task<GroupFigures> MeasureAsync(FixedLeg[] legs, RatioSpec ratio) =>
        new GroupRunner(s_options.Rounds, s_options.LegTime, new BenchView(TextWriter.Null, isTerminal: false))
            .RunAsync(new BenchGroup("group", legs, [ratio]), TestContext.Current.CancellationToken);
}
