using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using RemoteSwap.Server;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

/// <summary>A server that is asked to write its pages and end.</summary>
public sealed class DrainTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Uri => $"remoteswap+unix:///vm?socket={_folder.File("pages.sock")}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_that_was_drained_has_its_pages_when_it_is_started_again()
    {
        Directory.CreateDirectory(_folder.File("state"));
        string file = _folder.Random("in", 50 * 4_096);
        await using (PageServer first = await StartAsync("--state", _folder.File("state")))
        {
            (await CliRun.StartAsync("put", file, "-s", Uri)).Expect(ExitCode.Ok);
            CliRun drained = (await CliRun.StartAsync("drain", "-s", Uri, "--json")).Expect(ExitCode.Ok);

            Assert.Equal("remoteswap.drain/1", drained.Schema);
            Assert.Equal(50, drained.Json.GetProperty("stored_pages").GetInt32());
            await first.WaitForShutdownAsync();
        }

        await using PageServer second = await StartAsync("--state", _folder.File("state"));
        (await CliRun.StartAsync("get", _folder.File("out"), "--pages", "50", "-s", Uri)).Expect(ExitCode.Ok);
        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(_folder.File("out")));
    }

    [Fact]
    public async Task A_server_without_a_state_folder_says_that_it_has_none_and_goes_on()
    {
        await using PageServer server = await StartAsync();

        CliRun refused = (await CliRun.StartAsync("drain", "-s", Uri)).Expect(ExitCode.Failed);

        Assert.Contains("State:Folder", refused.Error, StringComparison.Ordinal);
        (await CliRun.StartAsync("put", _folder.Random("in", 4_096), "-s", Uri)).Expect(ExitCode.Ok);
    }

    private Task<PageServer> StartAsync(params string[] more) => PageServer.StartAsync(
    [
        $"--listen=unix:{_folder.File("pages.sock")}", "--management=off", "--limit=16MiB", "--Store:FloorPercent=100",
        "--Tenants:vm:Limit=16MiB", .. more,
    ]);
}
