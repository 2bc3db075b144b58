using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

public sealed class InvalidateTests(TestServer server) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Slots_and_runs_are_forgotten_and_counted()
    {
        string uri = server.Of("forget");
        await PutAsync(uri, pages: 20);

        CliRun run = (await CliRun.StartAsync("invalidate", "3", "10-14", "100", "-s", uri, "--json"))
            .Expect(ExitCode.Ok);
        CliRun left = await CliRun.StartAsync("stat", "--field", "pages", "-s", uri);

        Assert.Equal("remoteswap.invalidate/1", run.Schema);
        Assert.Equal(6, run.Json.GetProperty("pages_forgotten").GetInt32());
        Assert.Equal(7, run.Json.GetProperty("slots").GetInt32());
        Assert.Equal("14\n", left.Output);
    }

    [Fact]
    public async Task A_dry_run_sends_nothing()
    {
        string uri = server.Of("dry");
        await PutAsync(uri, pages: 4);

        CliRun some = (await CliRun.StartAsync("invalidate", "0-3", "--dry-run", "-s", uri)).Expect(ExitCode.Ok);
        CliRun all = (await CliRun.StartAsync("invalidate", "--all", "--dry-run", "-s", uri)).Expect(ExitCode.Ok);

        Assert.StartsWith(
            "would forget 4 slots (0-3) of area 0 of tenant 'dry'", some.Output, StringComparison.Ordinal);
        Assert.StartsWith("would forget all pages of area 0", all.Output, StringComparison.Ordinal);
        Assert.Equal("4\n", (await CliRun.StartAsync("stat", "--field", "pages", "-s", uri)).Output);
    }

    [Fact]
    public async Task All_is_confirmed_first()
    {
        string[] args = ["invalidate", "--all", "-s", server.Of("ask")];
        await PutAsync(server.Of("ask"), pages: 4);

        CliRun script = (await CliRun.StartAsync(args)).Expect(ExitCode.Usage);
        CliRun no = (await AnsweredAsync(args, "n")).Expect(ExitCode.ConditionFalse);
        CliRun nothing = (await AnsweredAsync(args, "")).Expect(ExitCode.ConditionFalse);
        CliRun yes = (await AnsweredAsync(args, "y")).Expect(ExitCode.Ok);
        CliRun again = (await CliRun.StartAsync([.. args, "--yes"])).Expect(ExitCode.Ok);

        Assert.Contains("--yes", script.Error, StringComparison.Ordinal);
        Assert.Contains("Forget all pages of area 0 of tenant 'ask'", no.Error, StringComparison.Ordinal);
        Assert.Empty(no.Output + nothing.Output);
        Assert.StartsWith("forgot 4 pages", yes.Output, StringComparison.Ordinal);
        Assert.StartsWith("forgot 0 pages", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slot_beyond_the_area_is_a_failure_that_names_it()
    {
        CliRun run = (await CliRun.StartAsync("invalidate", "999999999999", "-s", server.Of("ask"), "--area", "1"))
            .Expect(ExitCode.Failed);

        Assert.Contains("999999999999", run.Error, StringComparison.Ordinal);
        Assert.Contains("[gRPC OutOfRange", run.Error, StringComparison.Ordinal);
    }

    private static Task<CliRun> AnsweredAsync(string[] args, string answer) => CliRun.StartAsync(
        args, around => around with { Input = new StringReader(answer + "\n"), IsInputTerminal = true });

    private async Task PutAsync(string uri, int pages) =>
        (await CliRun.StartAsync("put", _folder.Random("in", pages * 4_096), "-s", uri)).Expect(ExitCode.Ok);
}
