using RemoteSwap.Client;

namespace RemoteSwap.LoadGen.Bench.Lanes;

/// <summary>
/// What one caller needs to store and load batches of one size: memory that is used again for every call. One caller,
/// one call at a time.
/// </summary>
internal interface IPageLane
{
    /// <summary>The slots of the next call; its length is the batch's.</summary>
    Span<ulong> Slots { get; }

    /// <summary>Stores some pages of the pool to the slots.</summary>
    /// <returns>Pages that were not stored.</returns>
    ValueTask<int> StoreAsync(SwapArea area);

    /// <summary>Loads the slots.</summary>
    /// <returns>Pages that were not loaded.</returns>
    ValueTask<int> LoadAsync(SwapArea area);
}
