using RemoteSwap.Client;
using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Bench.Lanes;

/// <summary>
/// Raw pages through the client's codec. A batch of one goes through the calls for one page, which the client may
/// gather with those of other callers.
/// </summary>
internal sealed class RawPageLane(RawPagePool pool, int batch, SeededRandom random) : IPageLane
{
    private readonly ulong[] _slots = new ulong[batch];
    private readonly byte[] _loaded = new byte[batch * PageSize.Bytes];

    /// <inheritdoc/>
    public Span<ulong> Slots => _slots;

    /// <inheritdoc/>
    public async ValueTask<int> StoreAsync(SwapArea area)
    {
        ReadOnlyMemory<byte> pages = pool.Run(random.Next(pool.Count - batch + 1), batch);
        if (batch == 1)
        {
            return IsStored(await area.StoreAsync(_slots[0], pages)) ? 0 : 1;
        }

        return Array.FindAll(await area.StoreAsync(_slots, pages), outcome => !IsStored(outcome)).Length;
    }

    /// <inheritdoc/>
    public async ValueTask<int> LoadAsync(SwapArea area)
    {
        if (batch == 1)
        {
            return await area.LoadAsync(_slots[0], _loaded) == LoadOutcome.Loaded ? 0 : 1;
        }

        LoadOutcome[] outcomes = await area.LoadAsync(_slots, _loaded);
        return Array.FindAll(outcomes, outcome => outcome != LoadOutcome.Loaded).Length;
    }

    private static bool IsStored(StoreOutcome outcome) => outcome is StoreOutcome.Stored or StoreOutcome.SameFilled;
}
