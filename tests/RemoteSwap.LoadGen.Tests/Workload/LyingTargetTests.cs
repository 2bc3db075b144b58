using RemoteSwap.Client;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Reports.Model;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Workload;

/// <summary>
/// The canary of the verifier: a target that lies must be found out, an honest one must not be accused.
/// </summary>
public sealed class LyingTargetTests
{
    [Theory]
    [InlineData(nameof(Lie.StalePage))]
    [InlineData(nameof(Lie.OtherSlotsPage))]
    [InlineData(nameof(Lie.Zeroes))]
    [InlineData(nameof(Lie.Lost))]
    [InlineData(nameof(Lie.Corrupt))]
    [InlineData(nameof(Lie.FlippedBit))]
    [InlineData(nameof(Lie.NotEmptied))]
    public async Task A_lie_is_found_out_and_ends_in_exit_code_3(string lie)
    {
        using TestBench bench = new(new MemoryTarget(Enum.Parse<Lie>(lie)));

        RunReport report = (await bench.RunAllAsync()).Report();

        Assert.Equal("wrong", report.Verdict.Result);
        Assert.Equal(ExitCode.WrongPage, report.ExitCode);
        Assert.NotEmpty(report.Verdict.Mismatches);
    }

    [Fact]
    public async Task A_refused_store_that_leaves_the_old_page_is_found_out()
    {
        using TestBench bench = new(new MemoryTarget(Lie.RefusedAndKept) { RefuseEvery = 5 }, allowRefusals: true);

        Assert.Equal(ExitCode.WrongPage, (await bench.RunAllAsync()).Report().ExitCode);
    }

    [Fact]
    public async Task A_failed_store_that_leaves_a_foreign_page_is_found_out()
    {
        using TestBench bench = new(new MemoryTarget(Lie.FailedAndForeign) { FailEvery = 7 });

        Assert.Equal(ExitCode.WrongPage, (await bench.RunAllAsync()).Report().ExitCode);
    }

    [Fact]
    public async Task An_honest_target_is_clean()
    {
        using TestBench bench = new(new MemoryTarget(Lie.None), slots: 900);

        RunReport report = (await bench.RunAllAsync()).Report();

        Assert.Equal("clean", report.Verdict.Result);
        Assert.Equal(ExitCode.Ok, report.ExitCode);
        Assert.InRange(report.Verdict.PagesCompared, 2_000, 10_000);
        Assert.InRange(report.Verdict.EmptyAsExpected, 48, 10_000);
        Assert.Equal(600, report.Phases.Single(phase => phase.Name == "store").Pages);
        Assert.Equal(600, report.Phases.Single(phase => phase.Name == "load").Pages);
        Assert.Equal(
            6_000, report.Phases.Where(phase => phase.Name is "mixed_store" or "mixed_load").Sum(phase => phase.Pages));
    }

    [Fact]
    public async Task Honest_refusals_are_no_wrong_pages_and_a_failure_only_if_not_asked_for()
    {
        using TestBench asked = new(new MemoryTarget(Lie.None) { RefuseEvery = 5 }, allowRefusals: true);
        using TestBench unasked = new(new MemoryTarget(Lie.None) { RefuseEvery = 5 });

        RunReport report = (await asked.RunAllAsync()).Report();
        Assert.Equal(0, report.Verdict.PagesWrong);
        Assert.Equal(ExitCode.Ok, report.ExitCode);
        Assert.InRange(report.Phases.Single(phase => phase.Name == "mixed_store").Refused["TenantLimit"], 1, 6_000);
        Assert.Equal(ExitCode.Failed, (await unasked.RunAllAsync()).Report().ExitCode);
    }

    [Fact]
    public async Task Honest_failures_of_calls_are_no_wrong_pages_but_a_failure()
    {
        using TestBench bench = new(new MemoryTarget(Lie.None) { FailEvery = 7 });

        RunReport report = (await bench.RunAllAsync()).Report();

        Assert.Equal(0, report.Verdict.PagesWrong);
        Assert.Equal(ExitCode.Failed, report.ExitCode);
        Assert.Contains(report.Phases, phase => phase.FailedCalls > 0 && phase.FirstFailure is not null);
    }

    [Fact]
    public async Task A_call_that_can_never_succeed_ends_the_run()
    {
        using TestBench bench = new(
            new MemoryTarget(Lie.None) { FailEvery = 1, FailsWith = RemoteSwapError.PermissionDenied });

        RunReport report = (await bench.RunAllAsync()).Report();

        Assert.Equal(ExitCode.Failed, report.ExitCode);
        Assert.InRange(report.Phases.Sum(phase => phase.FailedCalls), 1, bench.Workers.Count);
        Assert.Contains(report.Remarks, remark => remark.StartsWith("The run gave up", StringComparison.Ordinal));
    }
}
