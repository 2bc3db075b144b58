using RemoteSwap.Client;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>
/// Where a worker's pages go: one area of one tenant. The seam at which a verifier can be tried against a target that
/// lies. All calls fail with <see cref="RemoteSwapException"/> if they fail as calls.
/// </summary>
internal interface ISwapTarget
{
    /// <summary>Stores pages; an outcome for each slot.</summary>
    ValueTask<StoreOutcome[]> StoreAsync(
        ReadOnlyMemory<ulong> slots, ReadOnlyMemory<byte> pages, CancellationToken stop);

    /// <summary>Loads pages; an outcome for each slot.</summary>
    ValueTask<LoadOutcome[]> LoadAsync(ReadOnlyMemory<ulong> slots, Memory<byte> pages, CancellationToken stop);

    /// <summary>Empties slots; an outcome for each.</summary>
    ValueTask<InvalidateOutcome[]> InvalidateAsync(ReadOnlyMemory<ulong> slots, CancellationToken stop);

    /// <summary>Empties the area; the number of pages that were there.</summary>
    ValueTask<ulong> InvalidateAllAsync(CancellationToken stop);

    /// <summary>Sends a message of a shape there and back.</summary>
    ValueTask PingAsync(PingShape shape, CancellationToken stop);
}
