using System.Diagnostics;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using RemoteSwap.Server;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

/// <summary>
/// A disk four times as large as the server's memory, without a spill file: what does not fit lies in a file of the
/// device's machine, across crashes of the device, of the server, and of both.
/// </summary>
public sealed class NbdEvictionTests : IAsyncLifetime
{
    private const int Page = 4096;
    private const int Pages = 1024;
    private const int InMemory = 256;
    private const int NoSpace = 28;
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(120);
    private readonly TempFolder _folder = new();
    private readonly int[] _versions = new int[Pages];
    private PageServer? _server;

    private string Uri => $"remoteswap+unix:///vm?socket={_folder.File("pages.sock")}";

    private string Here => _folder.File("here");

    private string[] Options => ["--size", "4MiB", "--evict-to", _folder.File("evicted")];

    public async ValueTask InitializeAsync() => _server = await StartServerAsync();

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_working_set_over_the_servers_limit_lies_in_the_devices_file_and_survives_crashes()
    {
        DeviceProcess device = await DeviceProcess.StartAsync(Uri, Here, Options);
        try
        {
            using (PlainNbd client = device.Connect())
            {
                for (int page = 0; page < Pages; page++)
                {
                    await WriteAsync(client, page);
                }

                RequireAll(client);
                for (int page = 0; page < Pages; page += 3)
                {
                    await WriteAsync(client, page);
                }

                RequireAll(client);
            }

            // The device is killed: all pages are there.
            await device.KillAsync();
            device.Dispose();
            device = await DeviceProcess.StartAsync(Uri, Here, Options);
            using (PlainNbd client = device.Connect())
            {
                RequireAll(client);
                await WriteAsync(client, 0);

                // The server is: what was in its memory is lost, and said to be; what was in the file is there.
                await _server!.DisposeAsync();
                _server = await StartServerAsync();
                Assert.InRange(CountRight(client), Pages - InMemory, Pages - 1);
            }

            // Both are.
            await device.KillAsync();
            device.Dispose();
            await _server!.DisposeAsync();
            _server = await StartServerAsync();
            device = await DeviceProcess.StartAsync(Uri, Here, Options);
            using (PlainNbd client = device.Connect())
            {
                int right = CountRight(client);
                Assert.InRange(right, Pages - InMemory, Pages - 1);
                for (int page = 0; page < Pages; page++)
                {
                    await WriteAsync(client, page);
                }

                RequireAll(client);
            }

            CliRun stopped = await device.StopAsync();
            stopped.Expect(ExitCode.Ok);
        }
        finally
        {
            device.Dispose();
        }
    }

    [Fact]
    public async Task A_file_that_is_something_else_or_anothers_is_refused()
    {
        await File.WriteAllTextAsync(_folder.File("evicted"), "a letter");
        using Process device = DeviceProcess.Launch(Uri, Here, Options);

        CliRun run = await ToolProcess.EndAsync(device);

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("is no eviction file", run.Error, StringComparison.Ordinal);
        Assert.Equal("a letter", await File.ReadAllTextAsync(_folder.File("evicted")));
    }

    private async Task WriteAsync(PlainNbd client, int page)
    {
        _versions[page]++;
        using CancellationTokenSource bound = new(s_liveness);
        while (client.TryWriteAt((long)page * Page, Content(page)) is var error and not 0)
        {
            // Full for the moment; reclaim is at work. The old page is gone with the refusal.
            Assert.Equal(NoSpace, error);
            await Task.Delay(5, bound.Token);
        }
    }

    private void RequireAll(PlainNbd client)
    {
        for (int page = 0; page < Pages; page++)
        {
            Assert.True(
                Content(page).AsSpan().SequenceEqual(client.ReadAt((long)page * Page, Page)), $"page {page} is wrong");
        }
    }

    private int CountRight(PlainNbd client)
    {
        int right = 0;
        for (int page = 0; page < Pages; page++)
        {
            if (client.TryReadAt((long)page * Page, Page) is { } read)
            {
                Assert.True(Content(page).AsSpan().SequenceEqual(read), $"page {page} is wrong");
                right++;
            }
        }

        return right;
    }

    // Does not compress: each page has a frame of its own.
    private byte[] Content(int page)
    {
        byte[] content = new byte[Page];
        new Random((_versions[page] * Pages) + page).NextBytes(content);
        return content;
    }

    private Task<PageServer> StartServerAsync() => PageServer.StartAsync(
    [
        $"--listen=unix:{_folder.File("pages.sock")}", "--management=off", "--limit=1MiB", "--Tenants:vm:Limit=1MiB",
    ]);
}
