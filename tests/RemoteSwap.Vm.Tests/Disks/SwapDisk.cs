using System.Diagnostics;
using System.Globalization;

namespace RemoteSwap.Vm.Tests.Disks;

/// <summary>An NBD server on a Unix socket: a process that can be killed and started again.</summary>
internal sealed class SwapDisk : IAsyncDisposable
{
    /// <summary>The disk's size, with room for all that a guest uses.</summary>
    public const string Size = "512MiB";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(20);

    private readonly Func<ProcessStartInfo> _start;
    private readonly string _pidFile;
    private readonly bool _clearsSocket;
    private OwnedProcess? _process;

    private SwapDisk(string folder, bool clearsSocket, Func<string, string, ProcessStartInfo> start)
    {
        Socket = Path.Combine(folder, "nbd.sock");
        _pidFile = Path.Combine(folder, "nbd.pid");
        _clearsSocket = clearsSocket;
        _start = () => start(Socket, _pidFile);
    }

    /// <summary>Where QEMU connects to.</summary>
    public string Socket { get; }

    /// <summary>Whether the process runs, and its last lines.</summary>
    public string Report => _process is null ? "not started" : $"{_process.State}\n{_process.Tail}";

    /// <summary>nbdkit's memory disk: what a plain NBD server in memory does.</summary>
    public static Task<SwapDisk> StartNbdkitAsync(string folder, string allocator = "sparse") => StartAsync(new(
        folder,
        clearsSocket: true,
        (socket, pidFile) => Command.Of(
            "nbdkit", ["-f", "-U", socket, "-P", pidFile, "memory", "512M", $"allocator={allocator}"])));

    /// <summary>Our device, on the pages of a tenant of a server. It has to cope with its own stale socket.</summary>
    public static Task<SwapDisk> StartDeviceAsync(string folder, string server) => StartAsync(new(
        folder,
        clearsSocket: false,
        (socket, pidFile) => Command.Of(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet",
            [
                BuiltFiles.Device, "nbd", "--server", server, "--area", "0", "--size", Size, "--unix", socket,
                "--pid-file", pidFile, "--session", Path.Combine(folder, "nbd.session"),
            ])));

    /// <summary>Kills it as the system does when memory is short: SIGKILL.</summary>
    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>Starts it, and waits until it listens.</summary>
    public async Task StartAsync()
    {
        File.Delete(_pidFile);
        if (_clearsSocket)
        {
            File.Delete(Socket);
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        OwnedProcess process = OwnedProcess.Start(_start(), _ => { });
        _process = process;
        using CancellationTokenSource bound = new(s_startLimit);
        while (!TellsItsId(process.Id))
        {
            if (process.HasEnded || bound.IsCancellationRequested)
            {
                throw new InvalidOperationException($"the disk does not listen: {process.Tail}");
            }

            await Task.Delay(s_pollInterval);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private static async Task<SwapDisk> StartAsync(SwapDisk disk)
    {
        try
        {
            await disk.StartAsync();
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    private bool TellsItsId(int id) => File.Exists(_pidFile)
        && File.ReadAllText(_pidFile).Trim() == id.ToString(CultureInfo.InvariantCulture);
}
