using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

/// <summary>The device as a process: when it is ready, what it leaves behind, how it ends.</summary>
public sealed class NbdTests(TestServer server) : IDisposable
{
    private const int Page = 4096;
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_device_says_when_it_is_ready_and_a_restarted_one_has_the_same_pages()
    {
        byte[] page = new byte[2 * Page];
        new Random(1).NextBytes(page);
        using (Process device = StartDevice("--json"))
        {
            JsonElement ready = await ReadyAsync(device);
            Assert.Equal("remoteswap.nbd/1", ready.GetProperty("schema").GetString());
            Assert.Equal($"nbd+unix:///?socket={_folder.File("nbd.sock")}", ready.GetProperty("uri").GetString());
            Assert.Equal(
                device.Id,
                int.Parse(await File.ReadAllTextAsync(_folder.File("pid")), CultureInfo.InvariantCulture));
            using PlainNbd client = PlainNbd.Connect(_folder.File("nbd.sock"));
            Assert.Equal(8 << 20, client.SizeBytes);
            client.WriteAt(3 * Page, page);
            Assert.Equal(new byte[Page], client.ReadAt(0, Page));
            await EndAsync(device, ExitCode.Ok);
        }

        Assert.False(File.Exists(_folder.File("pid")));
        Assert.False(File.Exists(_folder.File("nbd.sock")));
        using (Process device = StartDevice("--json"))
        {
            await ReadyAsync(device);
            using PlainNbd client = PlainNbd.Connect(_folder.File("nbd.sock"));
            Assert.Equal(page, client.ReadAt(3 * Page, 2 * Page));
            await EndAsync(device, ExitCode.Ok);
        }

        using (Process device = StartDevice("--json", "--empty"))
        {
            await ReadyAsync(device);
            using PlainNbd client = PlainNbd.Connect(_folder.File("nbd.sock"));
            Assert.Equal(new byte[2 * Page], client.ReadAt(3 * Page, 2 * Page));
            await EndAsync(device, ExitCode.Ok);
        }
    }

    [Theory]
    [InlineData("test -S \"${uri#*socket=}\" && echo \"$uri\"", 0)]
    [InlineData("exit 7", 7)]
    public async Task A_command_runs_against_a_private_device_and_ends_it(string command, int exitCode)
    {
        CliRun run = await ToolProcess.RunAsync(server.Of("device"), "nbd", "--size", "1MiB", "--run", command);

        run.Expect(exitCode);
        string socket = run.Output.Trim();
        Assert.True(exitCode != 0 || socket.StartsWith("nbd+unix:///?socket=", StringComparison.Ordinal), socket);
        Assert.False(exitCode == 0 && File.Exists(socket[(socket.IndexOf('=', StringComparison.Ordinal) + 1)..]));
    }

    [Theory]
    [InlineData("--size is missing", "nbd")]
    [InlineData("multiple of 4096", "nbd", "--size", "5000")]
    [InlineData("can be reached by other machines", "nbd", "--size", "1MiB", "--listen", "0.0.0.0:0")]
    [InlineData("no address and port", "nbd", "--size", "1MiB", "--listen", "127.0.0.1")]
    [InlineData("one place", "nbd", "--size", "1MiB", "--listen", "127.0.0.1:0", "--unix", "-")]
    [InlineData("forgetting pages is a write", "nbd", "--size", "1MiB", "--read-only", "--empty")]
    [InlineData("no such directory", "nbd", "--size", "1MiB", "--unix", "/nowhere/at/all/x.sock")]
    public async Task What_can_not_be_is_said(string words, params string[] args)
    {
        CliRun run = (await ToolProcess.RunAsync(server.Of("device"), args)).Expect(ExitCode.Usage);

        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_area_has_one_device()
    {
        using Process device = StartDevice("--json");
        await ReadyAsync(device);

        CliRun second = await ToolProcess.RunAsync(
            server.Of("device"), "nbd", "--size", "8MiB", "--unix", "-", "--area", "3", "--empty");

        second.Expect(ExitCode.Failed);
        Assert.Contains("area 3", second.Error, StringComparison.Ordinal);
        Assert.Contains("has a device already", second.Error, StringComparison.Ordinal);
        await EndAsync(device, ExitCode.Ok);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_before_anybody_can_connect()
    {
        CliRun run = await ToolProcess.RunAsync(
            $"remoteswap+unix:///x?socket={_folder.File("none")}", "nbd", "--size", "1MiB", "--timeout", "1s",
            "--unix", _folder.File("nbd.sock"));

        run.Expect(ExitCode.Unavailable);
        Assert.False(File.Exists(_folder.File("nbd.sock")));
    }

    public void Dispose() => _folder.Dispose();

    private Process StartDevice(params string[] more) => ToolProcess.Start(
        server.Of("device"),
        [
            "nbd", "--size", "8MiB", "--unix", _folder.File("nbd.sock"), "--pid-file", _folder.File("pid"), "--area",
            "3", .. more,
        ]);

    private static async Task<JsonElement> ReadyAsync(Process device)
    {
        // The document is printed when clients can connect, and not before.
        List<string> lines = [];
        while (lines is not [.., "}"])
        {
            lines.Add(await device.StandardOutput.ReadLineAsync() ?? throw new EndOfStreamException(
                await device.StandardError.ReadToEndAsync()));
        }

        return JsonDocument.Parse(string.Join('\n', lines)).RootElement;
    }

    private static async Task EndAsync(Process device, int exitCode)
    {
        using Process kill = Process.Start("kill", ["-TERM", device.Id.ToString(CultureInfo.InvariantCulture)]);
        (await ToolProcess.EndAsync(device)).Expect(exitCode);
    }
}
