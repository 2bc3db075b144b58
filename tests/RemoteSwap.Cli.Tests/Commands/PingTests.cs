using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Commands.Ping;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

public sealed class PingTests(TestServer server)
{
    [Fact]
    public async Task A_ping_says_who_answered_and_how_fast()
    {
        CliRun run = (await CliRun.StartAsync("ping", "-s", server.Of("ping"))).Expect(ExitCode.Ok);

        Assert.Matches($"^{server.Of("ping")} answers in [0-9]+ us\n$", run.Output);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Latency_is_one_summary_in_microseconds()
    {
        CliRun run = (await CliRun.StartAsync("ping", "--latency", "-n", "20", "--interval", "1ms", "-s", server.Root))
            .Expect(ExitCode.Ok);

        Assert.Matches(
            @"^min \d+  avg \d+  p50 \d+  p99 \d+  max \d+  microseconds, 20 calls \(connecting", run.Output);
    }

    [Fact]
    public async Task Json_has_the_figures_in_order_of_size()
    {
        CliRun run = (await CliRun.StartAsync("ping", "-n", "9", "--interval", "1ms", "--json", "-s", server.Root))
            .Expect(ExitCode.Ok);

        Assert.Equal("remoteswap.ping/1", run.Schema);
        Assert.Equal(9, run.Json.GetProperty("count").GetInt64());
        double[] figures = [.. ((string[])["min_us", "p50_us", "p99_us", "max_us"]).Select(name => Figure(run, name))];
        Assert.Equal(figures.Order(), figures);
        Assert.InRange(Figure(run, "avg_us"), figures[0], figures[^1]);
        Assert.InRange(Figure(run, "connect_us"), 1, 60e6);
    }

    [Fact]
    public async Task Ctrl_c_ends_an_endless_series_with_its_summary_and_a_counted_one_with_130()
    {
        CliRun endless = (await CliRun.StopAtFirstLineAsync(
            "ping", "-n", "0", "--interval", "1m", "-s", server.Root)).Expect(ExitCode.Ok);
        CliRun counted = (await CliRun.StopAtFirstLineAsync(
            "ping", "-n", "1000", "--interval", "1m", "-s", server.Root)).Expect(ExitCode.Interrupted);

        Assert.Contains("microseconds, 1 calls", endless.Output, StringComparison.Ordinal);
        Assert.Contains("stopped", counted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_in_69_and_is_named_with_the_code()
    {
        CliRun run = (await CliRun.StartAsync("ping", "-s", "remoteswap://127.0.0.1:1/vm7", "--timeout", "2s"))
            .Expect(ExitCode.Unavailable);

        Assert.Contains("127.0.0.1:1", run.Error, StringComparison.Ordinal);
        Assert.Contains("[gRPC Unavailable", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Percentiles_are_exact()
    {
        LatencySamples samples = new();
        foreach (int i in Enumerable.Range(1, 200).Reverse())
        {
            samples.Add(TimeSpan.FromMicroseconds(i));
        }

        Assert.Equal((1, 200, 100.5), (samples.Min, samples.Max, samples.Mean));
        Assert.Equal((100, 198, 200), (samples.Percentile(50), samples.Percentile(99), samples.Percentile(100)));
    }

    private static double Figure(CliRun run, string name) => run.Json.GetProperty(name).GetDouble();
}
