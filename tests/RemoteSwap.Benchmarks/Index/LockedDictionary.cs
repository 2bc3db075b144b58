using RemoteSwap.Store;

namespace RemoteSwap.Benchmarks.Index;

/// <summary>The index that one would write first, as the baseline: a dictionary by area and slot, and a lock.</summary>
internal sealed class LockedDictionary
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(uint Area, ulong Slot), SwapEntry> _entries = [];

    public int Count => _entries.Count;

    public void Publish(ulong slot, SwapEntry entry)
    {
        lock (_gate)
        {
            _entries[(SlotIndex.Area, slot)] = entry;
        }
    }

    public SwapEntry LookUp(ulong slot)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault((SlotIndex.Area, slot));
        }
    }

    public SwapEntry Remove(ulong slot)
    {
        lock (_gate)
        {
            _entries.Remove((SlotIndex.Area, slot), out SwapEntry entry);
            return entry;
        }
    }
}
