namespace RemoteSwap.Store.Tests.Rig;

/// <summary>
/// A point at which the code under test waits until the test lets it go on; makes a race happen every time.
/// </summary>
internal sealed class Stop
{
    private const int Headless = 4096;

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Stores two pages, in slots 0 and 1, and stops in the middle of the write of all their frames.
    /// </summary>
    /// <param name="size">Bytes of each zpage; 4,096: each has a frame of its own.</param>
    public static async Task<(StoreRig Rig, Stop Stop, Task<ReclaimResult> Reclaim)> InWriteAsync(int size)
    {
        Stop stop = new();
        MemoryTarget target = new() { DuringWrite = stop.WaitAsync };
        StoreRig rig = new(target: target, tenantA: new TenantOptions { Shards = 1 });
        rig.Put(0, Zpages.Make(0, size));
        rig.Put(1, Zpages.Make(1, size));
        Task<ReclaimResult> reclaim = rig.Store.ReclaimAsync(rig.TenantA, size == Headless ? 2 : 1, 1).AsTask();
        await stop.Reached;
        return (rig, stop, reclaim);
    }

    /// <summary>Completes when the code under test has arrived.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Called by the code under test.</summary>
    public Task WaitAsync()
    {
        _reached.TrySetResult();
        return _goOn.Task;
    }

    public void GoOn() => _goOn.TrySetResult();
}
