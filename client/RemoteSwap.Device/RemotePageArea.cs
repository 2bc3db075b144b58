using RemoteSwap.Client;

namespace RemoteSwap.Device;

/// <summary>
/// An area on a page server. Calls are never cancelled half-way: what became of a page has to be known, and the
/// connection's call deadline bounds the wait. Single pages go on where their reply is received.
/// </summary>
internal sealed class RemotePageArea(SwapArea area) : IPageArea
{
    /// <inheritdoc/>
    public ValueTask<StoreOutcome> StoreAsync(ulong slot, ReadOnlyMemory<byte> page) =>
        area.StoreOneAsync(slot, page, ReplyBursts.Instance, CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask<StoreOutcome[]> StoreAsync(ReadOnlyMemory<ulong> slots, ReadOnlyMemory<byte> pages) =>
        area.StoreAsync(slots, pages);

    /// <inheritdoc/>
    public ValueTask<LoadOutcome> LoadAsync(ulong slot, Memory<byte> page) =>
        area.LoadOneAsync(slot, page, ReplyBursts.Instance, CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask<LoadOutcome[]> LoadAsync(ReadOnlyMemory<ulong> slots, Memory<byte> pages) =>
        area.LoadAsync(slots, pages);

    /// <inheritdoc/>
    public ValueTask<ulong> InvalidateRangeAsync(ulong first, ulong count) => area.InvalidateRangeAsync(first, count);

    /// <inheritdoc/>
    public void Plug() => Client.Gathering.Plug.Begin();

    /// <inheritdoc/>
    public void Unplug() => Client.Gathering.Plug.End();
}
