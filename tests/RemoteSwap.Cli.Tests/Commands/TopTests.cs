using System.Text.Json;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

public sealed class TopTests(TestServer server) : IDisposable
{
    private const string Fast = "100ms";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_look_has_state_rates_memory_and_all_tenants()
    {
        CliRun run = (await TopAsync("--once")).Expect(ExitCode.Ok);

        string[] lines = run.Output.Split('\n');
        Assert.Matches($@"^server \S+ at {server.Root}: accepting, nothing corrupt$", lines[0]);
        Assert.Matches(
            @"^pages/s: store \d+, load \d+, invalidate \d+, refused \d+; frames/s reclaimed \d+$", lines[1]);
        Assert.Matches(@"^latency: p50 \d+ us, max \d+ us of 9 empty calls of this program, way included$", lines[2]);
        Assert.Matches(@"^memory: \S+ of 64MiB, \d+\.\d%; spill file: \S+ of 16MiB, \d+\.\d%$", lines[3]);
        Assert.StartsWith("TENANT", lines[5], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("small ", StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Json_is_a_line_a_look_and_counts_what_happened_between_two()
    {
        string file = _folder.File("pages");
        await File.WriteAllBytesAsync(file, new byte[64 * 4096]);
        using CancellationTokenSource enough = new();
        Task load = StoreAsync(file, enough.Token);
        CliRun run;
        do
        {
            run = (await TopAsync("--once", "--json")).Expect(ExitCode.Ok);
            Assert.Equal("remoteswap.top/1", run.Schema);
            Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.True(run.Json.GetProperty("seconds").GetDouble() > 0);
        }
        while (Tenant(run, "thin").GetProperty("stores_per_second").GetDouble() == 0);

        await enough.CancelAsync();
        await load;
        Assert.True(Tenant(run, "thin").GetProperty("pages").GetInt32() > 0);
    }

    [Fact]
    public async Task Tenants_are_sorted_as_asked_for()
    {
        CliRun run = (await TopAsync("--once", "--json", "--sort", "tenant")).Expect(ExitCode.Ok);

        string[] names =
        [
            .. run.Json.GetProperty("tenants").EnumerateArray().Select(one => one.GetProperty("tenant").GetString()!),
        ];
        Assert.Equal(names.Order(StringComparer.Ordinal), names);

        run = (await TopAsync("--once", "--json", "--sort", "limit")).Expect(ExitCode.Ok);
        Assert.Equal(
            TestServer.Small,
            run.Json.GetProperty("tenants").EnumerateArray().Last().GetProperty("tenant").GetString());
    }

    [Theory]
    [InlineData("--interval", "50ms")]
    [InlineData("--interval", "2")]
    [InlineData("--sort", "beauty")]
    public async Task Wrong_options_are_usage_errors_that_echo_them(string option, string value)
    {
        CliRun run = (await CliRun.StartAsync("top", "--once", option, value, "-s", server.Root))
            .Expect(ExitCode.Usage);

        Assert.Contains($"{option} '{value}'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        CliRun run = await CliRun.StartAsync("top", "--once", "--timeout", "300ms", "-s", "remoteswap://127.0.0.1:1");

        Assert.Equal(ExitCode.Unavailable, run.ExitCode);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Ctrl_c_is_how_it_ends() =>
        (await CliRun.StopAtFirstLineAsync("top", "--json", "--interval", Fast, "-s", server.Root)).Expect(ExitCode.Ok);

    [Theory]
    [InlineData(null, true)]
    [InlineData("1", false)]
    public async Task A_terminal_is_filled_and_left_as_it_was(string? noColor, bool colored)
    {
        Queue<char?> keys = new(['s', null, 'q']);
        CliRun run = (await CliRun.StartAsync(["top", "--interval", "1s", "-s", server.Root], around => around with
        {
            IsOutputTerminal = true,
            TerminalSize = () => (140, 20),
            Variable = name => name == "NO_COLOR" ? noColor : null,
            ReadKey = keys.Dequeue,
        })).Expect(ExitCode.Ok);

        Assert.StartsWith("\u001b[?1049h", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("\u001b[?1049l", run.Output, StringComparison.Ordinal);
        Assert.Contains("accepting", run.Output, StringComparison.Ordinal);
        Assert.Equal(colored, run.Output.Contains("\u001b[38;5;", StringComparison.Ordinal));
        Assert.Equal(2, run.Output.Split("\u001b[H").Length - 1);
        Assert.All(run.Output.Split("\u001b[H").Skip(1), screen => Assert.InRange(screen.Split('\n').Length, 5, 20));
        Assert.Empty(keys);
    }

    private static JsonElement Tenant(CliRun run, string name) => run.Json.GetProperty("tenants").EnumerateArray()
        .Single(one => one.GetProperty("tenant").GetString() == name);

    private Task<CliRun> TopAsync(params string[] options) =>
        CliRun.StartAsync(["top", "--interval", Fast, .. options, "-s", server.Root]);

    private async Task StoreAsync(string file, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await CliRun.StartAsync("put", file, "-s", server.Of("thin"));
        }
    }
}
