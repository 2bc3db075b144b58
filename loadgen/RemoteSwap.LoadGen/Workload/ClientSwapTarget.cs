using RemoteSwap.Client;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>An area of a page server, through the client library.</summary>
internal sealed class ClientSwapTarget(RemoteSwapConnection connection, uint area) : ISwapTarget
{
    private readonly SwapArea _area = connection.Area(area);

    /// <inheritdoc/>
    public ValueTask<StoreOutcome[]> StoreAsync(
        ReadOnlyMemory<ulong> slots, ReadOnlyMemory<byte> pages, CancellationToken stop) =>
        _area.StoreAsync(slots, pages, StoreMode.EachPage, stop);

    /// <inheritdoc/>
    public ValueTask<LoadOutcome[]> LoadAsync(
        ReadOnlyMemory<ulong> slots, Memory<byte> pages, CancellationToken stop) =>
        _area.LoadAsync(slots, pages, LoadMode.Keep, stop);

    /// <inheritdoc/>
    public ValueTask<ulong> InvalidateAllAsync(CancellationToken stop) => _area.InvalidateAllAsync(stop);

    /// <inheritdoc/>
    public ValueTask PingAsync(PingShape shape, CancellationToken stop) => connection.PingAsync(shape, stop);
}
