using System.Text.Json;
using RemoteSwap.LoadGen.Bench;
using RemoteSwap.LoadGen.Chaos;
using RemoteSwap.LoadGen.Chaos.Options;
using RemoteSwap.LoadGen.Chaos.Reports;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Tests.EndToEnd;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Chaos;

/// <summary>A short chaos run with a server process of its own; and that a lie in it is found.</summary>
public sealed class ChaosRunTests
{
    [Fact]
    public async Task Kills_and_pauses_are_survived_with_legal_answers_only()
    {
        ProgramRun run = await ProgramRun.StartAsync("chaos", "--seed", "5", "--duration", "10s", "--json");

        Assert.True(run.ExitCode == ExitCode.Ok, run.Output + run.Error);
        Assert.Equal("clean", run.Json.GetProperty("result").GetString());
        JsonElement[] faults = [.. run.Json.GetProperty("faults").EnumerateArray()];
        Assert.Contains(faults, fault => fault.GetProperty("kind").GetString() == "kill");
        Assert.Contains(faults, fault => fault.GetProperty("kind").GetString() == "pause");
        Assert.All(faults, fault => Assert.NotEqual(JsonValueKind.Null, fault.GetProperty("stall_ms").ValueKind));
        Assert.InRange(run.Json.GetProperty("loads_judged").GetInt64(), 100, long.MaxValue);
        Assert.Contains("load Lost", run.Output, StringComparison.Ordinal);
        Assert.Contains("seed 5", run.Error, StringComparison.Ordinal);
    }

    // TESTS_SERVER_KILLS is how many kills, TESTS_SEED the seed.
    [Fact]
    public async Task Pages_in_a_spill_file_survive_kills_and_none_is_wrong()
    {
        string kills = Environment.GetEnvironmentVariable("TESTS_SERVER_KILLS") ?? "6";
        string seed = Environment.GetEnvironmentVariable("TESTS_SEED") ?? "11";

        ProgramRun run = await ProgramRun.StartAsync(
            "chaos", "--seed", seed, "--spill", "--slots", "4096", "--kills", kills, "--json");

        Assert.True(run.ExitCode == ExitCode.Ok, run.Output + run.Error);
        Assert.Equal("clean", run.Json.GetProperty("result").GetString());
        Assert.All(
            run.Json.GetProperty("faults").EnumerateArray(),
            fault => Assert.Equal("kill", fault.GetProperty("kind").GetString()));
        Assert.InRange(run.Json.GetProperty("kept_pages").GetInt64(), 100, long.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine(run.Output);
    }

    [Theory]
    [InlineData(nameof(ChaosLie.StalePage))]
    [InlineData(nameof(ChaosLie.Zeroes))]
    [InlineData(nameof(ChaosLie.LostIsEmpty))]
    [InlineData(nameof(ChaosLie.OtherSlotsPage))]
    public async Task A_client_that_lies_is_found_out(string lie)
    {
        ChaosOptions options = new() { Seed = 6, Duration = TimeSpan.FromSeconds(2) };
        BenchView view = new(TextWriter.Null, isTerminal: false);

        ChaosRecord record = await new ChaosRun(
            options, view, TimeProvider.System, target => new LyingChaosTarget(target, Enum.Parse<ChaosLie>(lie)))
            .RunAsync(CancellationToken.None);

        ChaosReport report = ChaosReport.Of(record);
        Assert.True(report.ExitCode == ExitCode.WrongPage, $"{report.Result} after {report.LoadsJudged} loads");
        Assert.InRange(report.Wrong, 1, long.MaxValue);
        Assert.Contains("legal: ", report.Violations[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_stopped_ends()
    {
        using CancellationTokenSource stop = new();
        ChaosOptions options = new() { Seed = 6, Duration = TimeSpan.FromMinutes(10) };
        await using StoppingWriter writer = new(stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ChaosRun(
            options, new BenchView(writer, isTerminal: false), TimeProvider.System, target => target)
            .RunAsync(stop.Token));
    }
}
