using System.Diagnostics;

namespace RemoteSwap.Vm.Tests.Guest;

/// <summary>A virtual machine that swaps to an NBD disk.</summary>
internal sealed class GuestMachine : IAsyncDisposable
{
    /// <summary>
    /// The accelerator; software emulation unless it is set. A /dev/kvm that opens proves little: inside another
    /// virtual machine the guest may hang on it.
    /// </summary>
    private const string AcceleratorVariable = "VM_ACCEL";
    private const string SoftwareEmulation = "tcg,thread=multi";
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(6);

    private readonly GuestConsole _console = new();
    private readonly CancellationTokenSource _limit = new(s_limit);
    private readonly SwapDisk _disk;
    private readonly OwnedProcess _process;

    private GuestMachine(ProcessStartInfo start, SwapDisk disk)
    {
        _disk = disk;
        _process = OwnedProcess.Start(start, _console.Take);
    }

    /// <summary>The first mismatches that it reported.</summary>
    public IReadOnlyList<string> Mismatches => _console.Mismatches;

    public static GuestMachine Start(GuestImage image, GuestOptions options, SwapDisk disk) => new(
        Command.Of("qemu-system-x86_64", Arguments(image, options, disk.Socket)), disk);

    /// <summary>Waits until the guest has done that much of a round.</summary>
    public async Task<GuestProgress> ReachAsync(int round, int eighth)
    {
        Task<GuestProgress> reached = _console.ReachAsync(round, eighth);
        Task ended = _process.WaitForEndAsync(_limit.Token);
        await Task.WhenAny(reached, ended);
        return reached.IsCompleted ? await reached : throw Failed($"it did not reach eighth {eighth} of round {round}");
    }

    /// <summary>Waits until it has powered off.</summary>
    /// <returns>What it found out, after it has given back the whole disk.</returns>
    public async Task<GuestResult> FinishAsync()
    {
        GuestResult result = await EndAsync();
        return _console.HasEnded ? result : throw Failed("it did not give the disk back");
    }

    /// <summary>Waits until it has ended, even if it could not give the disk back.</summary>
    public async Task<GuestResult> EndAsync()
    {
        try
        {
            await _process.WaitForEndAsync(_limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw Failed($"it did not end within {s_limit}");
        }

        return _console.Result ?? throw Failed("it printed no result");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _limit.Dispose();
    }

    private static string[] Arguments(GuestImage image, GuestOptions options, string socket) =>
    [
        "-nodefaults",
        "-no-user-config",
        "-machine", "q35",
        "-accel", Environment.GetEnvironmentVariable(AcceleratorVariable) is { Length: > 0 } name
            ? name
            : SoftwareEmulation,
        "-m", $"{options.MemoryMiB}",
        "-smp", "2",
        "-kernel", image.Kernel,
        "-initrd", image.Initramfs,

        // The programs in a ramfs are not swapped; those in a tmpfs, the default, would be.
        "-append", $"console=ttyS0 quiet panic=-1 rootfstype=ramfs {options.KernelArguments}",
        "-display", "none",
        "-monitor", "none",
        "-serial", "stdio",
        "-no-reboot",

        // Without the delay a guest whose device is restarted dies.
        "-blockdev", "driver=nbd,node-name=swap,server.type=unix,"
            + $"server.path={socket},reconnect-delay=60,discard=unmap,cache.direct=on",
        "-device", "virtio-blk-pci,drive=swap,discard=on,num-queues=2",
    ];

    private InvalidOperationException Failed(string what) => new(
        $"""
         The guest failed: {what}. {_console.Failure}
         {string.Join('\n', _console.Mismatches)}
         --- serial console and QEMU
         {_process.State}
         {_process.Tail}
         --- disk
         {_disk.Report}
         """);
}
