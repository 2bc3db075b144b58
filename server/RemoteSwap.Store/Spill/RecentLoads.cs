namespace RemoteSwap.Store;

/// <summary>
/// Remembers which spilled pages of a tenant were loaded lately, in 64 KiB: a mark a place, and two pages that have the
/// same place push each other out. So a page that is asked for again soon is known, one of long ago is not.
/// <para>
/// What it is not: exact. A page that is taken for another one is promoted a load too early. Thread-safe without a
/// lock: a mark is one word.
/// </para>
/// </summary>
internal sealed class RecentLoads
{
    private const int PlaceBits = 14;
    private const ulong Spread = 0x9E3779B97F4A7C15;

    private readonly uint[] _marks = new uint[1 << PlaceBits];

    /// <summary>Notes a load.</summary>
    /// <returns>Whether the page was loaded lately already.</returns>
    public bool IsAgain(AreaId area, Slot slot)
    {
        ulong hash = (slot.Value ^ ((ulong)area.Value << 40)) * Spread;
        hash ^= hash >> 29;
        hash *= Spread;
        ref uint mark = ref _marks[hash >> (64 - PlaceBits)];
        uint own = (uint)hash | 1;
        if (Volatile.Read(ref mark) == own)
        {
            return true;
        }

        Volatile.Write(ref mark, own);
        return false;
    }
}
