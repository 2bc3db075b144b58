using RemoteSwap.Client;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>An area of a page server, through the client library.</summary>
internal sealed class ClientSwapTarget(RemoteSwapConnection connection, SwapArea area) : ISwapTarget
{
    /// <inheritdoc/>
    public ValueTask<StoreOutcome[]> StoreAsync(
        ReadOnlyMemory<ulong> slots, ReadOnlyMemory<byte> pages, CancellationToken stop) =>
        area.StoreAsync(slots, pages, StoreMode.EachPage, stop);

    /// <inheritdoc/>
    public ValueTask<LoadOutcome[]> LoadAsync(
        ReadOnlyMemory<ulong> slots, Memory<byte> pages, CancellationToken stop) =>
        area.LoadAsync(slots, pages, LoadMode.Keep, stop);

    /// <inheritdoc/>
    public ValueTask<InvalidateOutcome[]> InvalidateAsync(ReadOnlyMemory<ulong> slots, CancellationToken stop) =>
        area.InvalidateAsync(slots, stop);

    /// <inheritdoc/>
    public ValueTask<ulong> InvalidateAllAsync(CancellationToken stop) => area.InvalidateAllAsync(stop);

    /// <inheritdoc/>
    public ValueTask PingAsync(PingShape shape, CancellationToken stop) => connection.PingAsync(shape, stop);
}
