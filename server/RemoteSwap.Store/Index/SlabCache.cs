namespace RemoteSwap.Store;

/// <summary>
/// The cells of the slabs that were looked up lately, one place a slab: most look-ups need no dictionary.
/// <para>
/// Guarded by the shard's lock. <see cref="TryFind"/> may be called without it for a guess: what it finds then may be
/// out of date, or put together from two slabs.
/// </para>
/// </summary>
internal sealed class SlabCache
{
    private const int PlaceBits = 9;
    private const int KeyShift = 64 - PlaceBits;
    private const ulong Spread = 0x9E3779B97F4A7C15;

    private readonly Line[] _lines = new Line[1 << PlaceBits];

    public bool TryFind(AreaId area, uint slab, out uint cell)
    {
        ulong key = KeyOf(area, slab);
        ref Line line = ref _lines[PlaceOf(key)];
        cell = line.CellAndOne - 1;
        return line.Key == key && line.CellAndOne != 0;
    }

    public void Add(AreaId area, uint slab, uint cell)
    {
        ulong key = KeyOf(area, slab);
        _lines[PlaceOf(key)] = new Line { Key = key, CellAndOne = cell + 1 };
    }

    public void Remove(AreaId area, uint slab)
    {
        ulong key = KeyOf(area, slab);
        ref Line line = ref _lines[PlaceOf(key)];
        if (line.Key == key)
        {
            line = default;
        }
    }

    private static ulong KeyOf(AreaId area, uint slab) => ((ulong)area.Value << 32) | slab;

    private static int PlaceOf(ulong key) => (int)(key * Spread >> KeyShift);

    private struct Line
    {
        public ulong Key;
        public uint CellAndOne;
    }
}
