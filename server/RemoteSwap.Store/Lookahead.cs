using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Runs ahead of the pages of a batch and asks the processor to fetch what they will need, so that the misses of many
/// pages are waited for at once. What a page needs is found one thing through the other, so it goes by stages, each
/// over up to 32 pages: (a) the entry, (b) the handle, (c) the frame's meta and header, (d) for a Store, which will
/// free the old zpage, the meta of the frame's neighbours on its lists; and, some pages ahead of the work, (e) the
/// zpage. In a Store that is the old one, whose place the next new one is likely to get.
/// <para>
/// What it is not: a part of any operation. It reads without locks what locks guard, so it may see anything, and tells
/// nobody: the work finds everything again, under the lock, as if this had not been. A wrong guess costs a line of
/// cache. The trade-off: every page is looked up twice, which costs about 30 ns where all is in the cache, and saves
/// several times as much where it is not.
/// </para>
/// <para>Made once and used again; one user at a time.</para>
/// </summary>
internal sealed class Lookahead
{
    /// <summary>Pages looked at together: what a core can have under way is long exhausted by then.</summary>
    internal const int GroupPages = 32;

    // So far ahead of the work are zpages fetched: all lines of a group would push each other out of the first cache.
    private const int ZpagesAhead = 4;

    private const int PlaceMask = GroupPages - 1;

    private readonly Shard[] _shards = new Shard[GroupPages];
    private readonly FrameNumber[] _leaves = new FrameNumber[GroupPages];
    private readonly SwapEntry[] _entries = new SwapEntry[GroupPages];
    private readonly ZpageGuess[] _zpages = new ZpageGuess[GroupPages];
    private Tenant _tenant = null!;
    private AreaId _area;
    private ulong[] _slots = [];
    private int _count;
    private int _end;
    private bool _replaces;

    /// <summary>Begins with a batch.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="area">The area.</param>
    /// <param name="slots">The slots.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="replaces">Whether what is in the slots will be freed.</param>
    public void Begin(Tenant tenant, AreaId area, ulong[] slots, int count, bool replaces)
    {
        _tenant = tenant;
        _area = area;
        _slots = slots;
        _count = count;
        _replaces = replaces;

        // A lone page has nobody to share the waiting with.
        _end = count > 1 ? 0 : count;
    }

    /// <summary>Runs ahead of a page; pages come in order, each once.</summary>
    public void Advance(int page)
    {
        if (page == _end)
        {
            BeginGroup(page);
        }

        FetchZpage(page + ZpagesAhead);
    }

    private void BeginGroup(int first)
    {
        _end = Math.Min(_count, first + GroupPages);
        FetchEntries(first);
        FetchHandles(first);
        FetchFrames(first);
        if (_replaces)
        {
            FetchNeighbours(first);
        }

        for (int page = first; page < first + ZpagesAhead; page++)
        {
            FetchZpage(page);
        }
    }

    // (a)
    private void FetchEntries(int first)
    {
        for (int page = first; page < _end; page++)
        {
            Slot slot = new(_slots[page]);
            Shard shard = _tenant.ShardOf(_area, slot);
            _shards[page & PlaceMask] = shard;
            shard.Index.TryPrefetch(_area, slot, out _leaves[page & PlaceMask]);
        }
    }

    // (b)
    private void FetchHandles(int first)
    {
        for (int page = first; page < _end; page++)
        {
            int place = page & PlaceMask;
            Shard shard = _shards[place];
            if (shard.Index.TryGuess(_leaves[place], new Slot(_slots[page]), out _entries[place])
                && _entries[place].Kind == EntryKind.Zpage)
            {
                shard.Pool.PrefetchHandle(_entries[place].Handle);
            }
        }
    }

    // (c)
    private void FetchFrames(int first)
    {
        for (int page = first; page < _end; page++)
        {
            int place = page & PlaceMask;
            ref readonly SwapEntry entry = ref _entries[place];
            _zpages[place] = entry.Kind == EntryKind.Zpage
                ? _shards[place].Pool.PrefetchFrame(entry.Handle, entry.Length)
                : ZpageGuess.None;
        }
    }

    // (d)
    private void FetchNeighbours(int first)
    {
        for (int page = first; page < _end; page++)
        {
            int place = page & PlaceMask;
            _shards[place].Pool.PrefetchNeighbours(in _zpages[place]);
        }
    }

    // (e)
    private void FetchZpage(int page)
    {
        if (page < _end)
        {
            int place = page & PlaceMask;
            _shards[place].Pool.PrefetchZpage(in _zpages[place]);
        }
    }
}
