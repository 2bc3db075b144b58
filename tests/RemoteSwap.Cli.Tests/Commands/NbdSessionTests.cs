using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using RemoteSwap.Server;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

/// <summary>Devices that are killed, stopped, started again and moved, and servers that are started anew.</summary>
public sealed class NbdSessionTests : IAsyncLifetime
{
    private const int Page = 4096;
    private const int InputOutput = 5;
    private readonly TempFolder _folder = new();
    private readonly byte[] _page = new byte[Page];
    private PageServer? _server;

    private string Uri => $"remoteswap+unix:///vm?socket={_folder.File("pages.sock")}";

    private string Here => _folder.File("here");

    private string There => _folder.File("there");

    public async ValueTask InitializeAsync()
    {
        new Random(5).NextBytes(_page);
        _server = await StartServerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_device_that_is_killed_goes_on_with_its_session_and_has_its_pages()
    {
        using DeviceProcess first = await DeviceProcess.StartAsync(Uri, Here);
        using (PlainNbd client = first.Connect())
        {
            client.WriteAt(3 * Page, _page);
        }

        await first.KillAsync();
        using DeviceProcess second = await DeviceProcess.StartAsync(Uri, Here);
        using PlainNbd again = second.Connect();

        Assert.Equal(_page, again.ReadAt(3 * Page, Page));
        Assert.Equal(new byte[Page], again.ReadAt(4 * Page, Page));

        // What the first one had under way is fenced.
        Assert.True(second.Epoch > first.Epoch, $"{first.Epoch}, {second.Epoch}");
    }

    [Fact]
    public async Task After_a_restart_of_device_and_server_lost_pages_are_errors_until_they_are_written()
    {
        using DeviceProcess first = await DeviceProcess.StartAsync(Uri, Here);
        using (PlainNbd client = first.Connect())
        {
            client.WriteAt(3 * Page, _page);
        }

        await first.KillAsync();
        await _server!.DisposeAsync();
        _server = await StartServerAsync();
        using DeviceProcess second = await DeviceProcess.StartAsync(Uri, Here);
        using PlainNbd again = second.Connect();

        Assert.Equal(InputOutput, again.ErrorAt(3 * Page, Page));

        // Nobody knows whether it was written.
        Assert.Equal(InputOutput, again.ErrorAt(4 * Page, Page));
        again.WriteAt(3 * Page, _page);
        Assert.Equal(_page, again.ReadAt(3 * Page, Page));
        Assert.Equal(InputOutput, again.ErrorAt(4 * Page, Page));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_session_file_is_its_users_alone_and_another_one_is_refused()
    {
        using (DeviceProcess device = await DeviceProcess.StartAsync(Uri, Here))
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(DeviceProcess.SessionOf(Here)));
            Assert.Contains("are kept", (await device.StopAsync()).Expect(ExitCode.Ok).Error, StringComparison.Ordinal);
        }

        string session = DeviceProcess.SessionOf(Here);
        File.SetUnixFileMode(session, File.GetUnixFileMode(session) | UnixFileMode.GroupRead);
        CliRun open = await RunAsync(Here);
        File.SetUnixFileMode(session, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        CliRun other = await RunAsync(Here, "--area", "3");
        await File.WriteAllTextAsync(session, "{}");
        CliRun none = await RunAsync(Here);

        Assert.Contains("open to others", open.Expect(ExitCode.Permission).Error, StringComparison.Ordinal);
        Assert.Contains("of area 2", other.Expect(ExitCode.Failed).Error, StringComparison.Ordinal);
        Assert.Contains("no session file", none.Expect(ExitCode.Failed).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_area_is_held_until_it_is_taken_over_and_then_the_first_device_can_do_nothing()
    {
        using DeviceProcess first = await DeviceProcess.StartAsync(Uri, Here);
        using PlainNbd old = first.Connect();
        old.WriteAt(3 * Page, _page);

        CliRun held = (await RunAsync(There)).Expect(ExitCode.Permission);
        using DeviceProcess second = await DeviceProcess.StartAsync(Uri, There, "--take-over");
        using PlainNbd young = second.Connect();

        Assert.Matches("is held by '.+@.+', (not )?heard of", held.Error);
        Assert.Contains("--take-over", held.Error, StringComparison.Ordinal);
        Assert.Equal(_page, young.ReadAt(3 * Page, Page));
        Assert.Equal(InputOutput, old.ErrorAt(3 * Page, Page));
        young.WriteAt(6 * Page, _page);
        await UntilAsync(() => old.ErrorAt(6 * Page, Page) == InputOutput);
        CliRun ended = (await first.StopAsync()).Expect(ExitCode.Ok);
        Assert.Single(
            ended.Error.Split('\n'), line => line.Contains("no longer this device's", StringComparison.Ordinal));
        CliRun over = (await RunAsync(Here)).Expect(ExitCode.Permission);
        Assert.Contains("is over", over.Error, StringComparison.Ordinal);
        Assert.Contains("--empty", over.Error, StringComparison.Ordinal);
        Assert.Equal(_page, young.ReadAt(3 * Page, Page));
    }

    [Fact]
    public async Task A_device_that_is_to_drop_its_pages_leaves_nothing_behind()
    {
        using (DeviceProcess device = await DeviceProcess.StartAsync(Uri, Here, "--detach"))
        {
            using PlainNbd client = device.Connect();
            client.WriteAt(0, _page);
            await device.StopAsync();
        }

        Assert.False(File.Exists(DeviceProcess.SessionOf(Here)));
        Assert.Empty(await AreasAsync());
        CliRun get = await CliRun.StartAsync("get", _folder.File("out"), "--pages", "1", "--area", "2", "-s", Uri);
        Assert.Contains("is empty", get.Expect(ExitCode.Failed).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_keeps_pages_that_were_there_before()
    {
        await File.WriteAllBytesAsync(_folder.File("in"), _page);
        (await CliRun.StartAsync("put", _folder.File("in"), "--area", "2", "-s", Uri)).Expect(ExitCode.Ok);

        (await ToolProcess.RunAsync(Uri, "nbd", "--size", "1MiB", "--area", "2", "--run", "true")).Expect(ExitCode.Ok);

        Assert.Empty(await AreasAsync());
        (await CliRun.StartAsync("get", _folder.File("out"), "--pages", "1", "--area", "2", "-s", Uri))
            .Expect(ExitCode.Ok);
        Assert.Equal(_page, await File.ReadAllBytesAsync(_folder.File("out")));
    }

    [Fact]
    public async Task A_command_that_is_stopped_leaves_no_session_behind()
    {
        using Process process = DeviceProcess.Launch(Uri, Here, "--run", "exec sleep 60");
        while ((await AreasAsync()).Length == 0)
        {
            await Task.Delay(20);
        }

        // The command has to run before it can be stopped; until then there is no listener to be found.
        while (!File.Exists(Path.Combine(Here, "nbd.sock")))
        {
            await Task.Delay(20);
        }

        using Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        (await ToolProcess.EndAsync(process)).Expect(ExitCode.Interrupted);

        Assert.False(File.Exists(DeviceProcess.SessionOf(Here)));
        Assert.Empty(await AreasAsync());
    }

    [Fact]
    public async Task Owned_areas_are_listed_and_left_alone_by_other_commands()
    {
        using DeviceProcess device = await DeviceProcess.StartAsync(Uri, Here);
        using PlainNbd client = device.Connect();
        client.WriteAt(0, _page);
        string[] place = ["--area", "2", "-s", Uri];

        CliRun table = (await CliRun.StartAsync("areas", "-s", Uri)).Expect(ExitCode.Ok);
        CliRun json = (await CliRun.StartAsync("areas", "-s", Uri, "--json")).Expect(ExitCode.Ok);
        CliRun[] refused =
        [
            await CliRun.StartAsync(["put", _folder.Random("in", Page), .. place]),
            await CliRun.StartAsync(["get", _folder.File("out"), "--pages", "1", .. place]),
            await CliRun.StartAsync(["invalidate", "0", .. place]),
            await CliRun.StartAsync(["invalidate", "0-9", .. place]),
            await CliRun.StartAsync(["invalidate", "--all", "--yes", .. place]),
        ];

        Assert.Matches(
            @"^TENANT +AREA +STATE +HOLDER +SILENT +FREED-IN +PAGES +EPOCH\nvm +2 +owned +\S+@", table.Output);
        Assert.Equal("remoteswap.areas/1", json.Schema);
        JsonElement area = Assert.Single(json.Json.GetProperty("areas").EnumerateArray());
        Assert.Equal(device.Epoch, area.GetProperty("epoch").GetUInt64());
        Assert.Equal(1, area.GetProperty("pages").GetInt32());
        Assert.All(refused, run => Assert.Matches(
            "area 2 of tenant 'vm' .*(held|owned) by '.+@.+'", run.Expect(ExitCode.Permission).Error));
        Assert.Equal(_page, client.ReadAt(0, Page));
    }

    [Fact]
    public async Task A_broken_ladder_of_timeouts_is_refused()
    {
        CliRun brief = await RunAsync(Here, "--timeout", "50ms");
        await _server!.DisposeAsync();
        _server = await StartServerAsync("--Store:Lease=1s", "--Store:AbandonedFor=2s");
        CliRun patient = await RunAsync(Here);

        Assert.Contains("too short", brief.Expect(ExitCode.Usage).Error, StringComparison.Ordinal);
        Assert.Contains("s is too long: ", patient.Expect(ExitCode.Usage).Error, StringComparison.Ordinal);
    }

    private async Task<string[]> AreasAsync()
    {
        CliRun run = (await CliRun.StartAsync("areas", "-s", Uri, "--json")).Expect(ExitCode.Ok);
        return [.. run.Json.GetProperty("areas").EnumerateArray().Select(area => area.ToString())];
    }

    private async Task<CliRun> RunAsync(string machine, params string[] more)
    {
        using Process process = DeviceProcess.Launch(Uri, machine, more);
        return await ToolProcess.EndAsync(process);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(20));
        while (!isSo())
        {
            await Task.Delay(20, late.Token);
        }
    }

    private Task<PageServer> StartServerAsync(params string[] more) => PageServer.StartAsync(
    [
        $"--listen=unix:{_folder.File("pages.sock")}", "--management=off", "--limit=64MiB", "--Tenants:vm:Limit=32MiB",
        .. more,
    ]);
}
