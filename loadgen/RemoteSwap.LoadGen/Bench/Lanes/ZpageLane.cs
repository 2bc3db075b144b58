using RemoteSwap.Client;
using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Bench.Lanes;

/// <summary>Zpages that were encoded beforehand, past the client's codec.</summary>
internal sealed class ZpageLane : IPageLane
{
    private readonly ZpagePool _pool;
    private readonly SeededRandom _random;
    private readonly ZpageBatch _stored;
    private readonly ZpageBatch _loaded;
    private readonly ulong[] _slots;

    /// <summary>Makes a lane.</summary>
    /// <param name="pool">The zpages.</param>
    /// <param name="batch">Pages of a call.</param>
    /// <param name="walksBlocks">
    /// Whether the server is to walk the blocks; else the lane vouches, as the library does for pages that it encodes.
    /// </param>
    /// <param name="random">Picks the zpages.</param>
    public ZpageLane(ZpagePool pool, int batch, bool walksBlocks, SeededRandom random)
    {
        _pool = pool;
        _random = random;
        _slots = new ulong[batch];
        _stored = new ZpageBatch(batch) { Count = batch, AreBlocksVouched = !walksBlocks };
        _stored.Sizes.Fill(pool.ZpageBytes);
        _stored.Encodings.Fill(ZpageEncoding.Lz4);
        _loaded = new ZpageBatch(batch) { Count = batch, Zpages = new byte[batch * PageSize.Bytes] };
    }

    /// <inheritdoc/>
    public Span<ulong> Slots => _slots;

    /// <inheritdoc/>
    public async ValueTask<int> StoreAsync(SwapArea area)
    {
        int first = _random.Next(_pool.Count - _slots.Length + 1);
        _stored.Zpages = _pool.Run(first, _slots.Length);
        _pool.PageCrcs(first, _slots.Length).CopyTo(_stored.PageCrcs);
        _slots.CopyTo(_stored.Slots);
        await area.StoreZpagesAsync(_stored);
        return _slots.Length - _stored.StoreOutcomes.Count(StoreOutcome.Stored);
    }

    /// <inheritdoc/>
    public async ValueTask<int> LoadAsync(SwapArea area)
    {
        _slots.CopyTo(_loaded.Slots);
        await area.LoadZpagesAsync(_loaded);
        return _slots.Length - _loaded.LoadOutcomes.Count(LoadOutcome.Loaded);
    }
}
