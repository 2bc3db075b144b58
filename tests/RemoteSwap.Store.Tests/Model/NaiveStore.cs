using RemoteSwap.Codec;

namespace RemoteSwap.Store.Tests.Model;

/// <summary>
/// What a store is, written down in the plainest way: a dictionary from (tenant, area, slot) to a page and its
/// generation.
/// </summary>
internal sealed class NaiveStore
{
    private readonly Dictionary<Key, Page> _pages = [];
    private readonly Dictionary<Key, ulong> _seen = [];
    private readonly Dictionary<(int Tenant, uint Area), ulong> _newest = [];

    public int Count => _pages.Count;

    public Page? Find(Key key) => _pages.GetValueOrDefault(key);

    /// <summary>The newest generation that was ever asked for in a slot's area.</summary>
    public ulong Newest(Key key) => _newest.GetValueOrDefault((key.Tenant, key.Area));

    /// <summary>The newest generation that this very slot has seen, stored or emptied.</summary>
    public ulong Seen(Key key) => _seen.GetValueOrDefault(key);

    /// <summary>
    /// What a Store of this generation has to be. An empty slot may be taken for having seen whatever its area has.
    /// </summary>
    public Verdict Judge(Key key, ulong generation, byte[] zpage)
    {
        Page? present = Find(key);
        if (generation == 0 || generation > (present is null ? Newest(key) : present.Generation))
        {
            return Verdict.Newer;
        }

        if (present is not null)
        {
            return generation == present.Generation && IsSame(present, zpage) ? Verdict.Again : Verdict.Stale;
        }

        return generation > Seen(key) ? Verdict.NewerOrStale : Verdict.Stale;
    }

    public void Put(Key key, ulong generation, byte[] zpage)
    {
        _pages[key] = new Page(generation, zpage);
        See(key, generation);
    }

    /// <summary>The slot is empty now and has seen a generation; 0: none but its page's.</summary>
    public void Remove(Key key, ulong generation = 0)
    {
        See(key, generation);
        _pages.Remove(key);
    }

    public void HandOver(Key key) => _pages[key] = Find(key)! with { HandedOver = true };

    public int RemoveRange(IEnumerable<Key> keys, ulong generation)
    {
        int gone = 0;
        foreach (Key key in keys)
        {
            Page? page = Find(key);
            if (page is null || generation == 0 || page.Generation <= generation)
            {
                Remove(key, generation);
                gone += page is null ? 0 : 1;
            }
        }

        return gone;
    }

    public void See(Key key, ulong generation)
    {
        _seen[key] = Math.Max(Seen(key), generation);
        SeeNearby(key, generation);
    }

    /// <summary>Somewhere in the area a generation that is not known exactly was seen, at most this one.</summary>
    public void SeeNearby(Key key, ulong generation) =>
        _newest[(key.Tenant, key.Area)] = Math.Max(Newest(key), generation);

    private static bool IsSame(Page present, byte[] zpage) => present.Zpage.AsSpan().SequenceEqual(zpage);

    internal enum Verdict
    {
        Newer,
        Again,
        Stale,
        NewerOrStale,
    }

    internal readonly record struct Key(int Tenant, uint Area, ulong Slot);

    internal sealed record Page(ulong Generation, byte[] Zpage, bool HandedOver = false)
    {
        public bool IsFill => Zpage.Length == ZpageLimits.FillBytes;
    }
}
