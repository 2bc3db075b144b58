using RemoteSwap.Client;

namespace RemoteSwap.Device;

/// <summary>
/// What the device needs of an area of pages: the few calls of <see cref="SwapArea"/> that it makes, so that tests can
/// put an area in their place that loses, refuses and delays.
/// </summary>
internal interface IPageArea
{
    /// <summary>Stores a page; see <see cref="SwapArea"/>.</summary>
    ValueTask<StoreOutcome> StoreAsync(ulong slot, ReadOnlyMemory<byte> page);

    /// <summary>Stores pages.</summary>
    ValueTask<StoreOutcome[]> StoreAsync(ReadOnlyMemory<ulong> slots, ReadOnlyMemory<byte> pages);

    /// <summary>Loads a page; all zero unless it was loaded.</summary>
    ValueTask<LoadOutcome> LoadAsync(ulong slot, Memory<byte> page);

    /// <summary>Loads pages; those that were not loaded are all zero.</summary>
    ValueTask<LoadOutcome[]> LoadAsync(ReadOnlyMemory<ulong> slots, Memory<byte> pages);

    /// <summary>Forgets the pages of a run of slots.</summary>
    ValueTask<ulong> InvalidateRangeAsync(ulong first, ulong count);

    /// <summary>Single pages that this thread asks for may wait for <see cref="Unplug"/>, to travel together.</summary>
    void Plug();

    /// <summary>Ends what <see cref="Plug"/> began, on the same thread.</summary>
    void Unplug();
}
