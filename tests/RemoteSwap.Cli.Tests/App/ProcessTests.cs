using System.Diagnostics;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using RemoteSwap.Server;
using Xunit;

namespace RemoteSwap.Cli.Tests.App;

/// <summary>The tool as its user starts it.</summary>
public sealed class ProcessTests(TestServer server) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_unix_socket_works_for_pages_and_for_figures()
    {
        string socket = _folder.File("s.sock");
        await using PageServer own = await PageServer.StartAsync(
            [$"--listen=unix:{socket}", "--management=off", "--limit=8MiB", "--Tenants:vm7:Limit=4MiB"]);
        string uri = $"remoteswap+unix:///vm7?socket={socket}";
        string file = _folder.Random("in", 5_000);

        CliRun put = await ToolProcess.RunAsync(uri, "put", file, "--quiet");
        CliRun pages = await CliRun.StartAsync("stat", "--field", "pages", "-s", uri);

        Assert.Equal(ExitCode.Ok, put.ExitCode);
        Assert.StartsWith("stored 2 pages", put.Output, StringComparison.Ordinal);
        Assert.Empty(put.Error);
        Assert.Equal("2\n", pages.Expect(ExitCode.Ok).Output);
    }

    [Fact]
    public async Task The_first_interrupt_ends_an_endless_ping_with_its_summary()
    {
        using Process process = ToolProcess.Start(
            server.Of("process"), "ping", "-n", "0", "--interval", "20ms");
        string? first = await process.StandardOutput.ReadLineAsync();
        Assert.Contains("answers in", first, StringComparison.Ordinal);

        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        CliRun run = (await ToolProcess.EndAsync(process)).Expect(ExitCode.Ok);
        Assert.Matches(@"min \d+  avg \d+ .+ calls", run.Output);
    }

    [Fact]
    public async Task A_wrong_line_ends_in_64()
    {
        CliRun run = await ToolProcess.RunAsync(server.Root, "put");

        run.Expect(ExitCode.Usage);
        Assert.Contains("put", run.Error, StringComparison.Ordinal);
    }
}
