using RemoteSwap.Pool;
using RemoteSwap.Store;

namespace RemoteSwap.Benchmarks.Index;

/// <summary>Index A of one shard and the lock it is used under.</summary>
internal sealed class SlotIndex : IDisposable
{
    /// <summary>The area that benchmarks use.</summary>
    public const uint Area = 7;

    private const int SpareFrames = 1024;
    private readonly Lock _gate = new();
    private readonly FrameArena _arena;
    private readonly SwapIndex _index;

    /// <param name="entries">The most entries there will be, in slots from 0.</param>
    public SlotIndex(int entries)
    {
        _arena = new FrameArena((entries / SlabLeaves.LeafEntries) + SpareFrames);
        _index = new SwapIndex(_arena, _arena);
    }

    public long Count => _index.Count;

    public void Publish(ulong slot, SwapEntry entry)
    {
        lock (_gate)
        {
            if (!_index.TryPublish(new AreaId(Area), new Slot(slot), entry, out _))
            {
                throw new InvalidOperationException($"no leaf for slot {slot}");
            }
        }
    }

    public SwapEntry LookUp(ulong slot)
    {
        lock (_gate)
        {
            return _index[new AreaId(Area), new Slot(slot)];
        }
    }

    public SwapEntry Remove(ulong slot)
    {
        lock (_gate)
        {
            return _index.Remove(new AreaId(Area), new Slot(slot), Generation.None);
        }
    }

    public void Dispose() => _arena.Dispose();
}
