using RemoteSwap.Codec;

namespace RemoteSwap.Store.Tests.Model;

/// <summary>
/// What a store is, written down in the plainest way: a dictionary from (tenant, area, slot) to a page and its
/// generation.
/// </summary>
internal sealed class NaiveStore
{
    private readonly Dictionary<Key, Page> _pages = [];

    public int Count => _pages.Count;

    public Page? Find(Key key) => _pages.GetValueOrDefault(key);

    /// <summary>Whether a Store of this generation is too old; null: it is the same page again.</summary>
    public bool? IsStale(Key key, ulong generation, byte[] zpage)
    {
        Page? present = Find(key);
        if (present is null || generation == 0 || generation > present.Generation)
        {
            return false;
        }

        bool again = generation == present.Generation && IsSame(present, zpage);
        return again ? null : true;
    }

    public void Put(Key key, ulong generation, byte[] zpage) =>
        _pages[key] = new Page(generation != 0 ? generation : (Find(key)?.Generation ?? 0) + 1, zpage);

    public bool Remove(Key key) => _pages.Remove(key);

    public void HandOver(Key key) => _pages[key] = Find(key)! with { HandedOver = true };

    public int RemoveRange(int tenant, uint area, ulong first, ulong last, ulong generation)
    {
        List<Key> gone = [.. _pages.Where(page =>
            page.Key.Tenant == tenant && page.Key.Area == area && page.Key.Slot >= first && page.Key.Slot <= last
            && (generation == 0 || page.Value.Generation <= generation)).Select(page => page.Key)];
        gone.ForEach(key => _pages.Remove(key));
        return gone.Count;
    }

    public IEnumerable<Key> KeysOf(int tenant) => _pages.Keys.Where(key => key.Tenant == tenant);

    private static bool IsSame(Page present, byte[] zpage) => present.Zpage.AsSpan().SequenceEqual(zpage);

    internal readonly record struct Key(int Tenant, uint Area, ulong Slot);

    internal sealed record Page(ulong Generation, byte[] Zpage, bool HandedOver = false)
    {
        public bool IsFill => Zpage.Length == ZpageLimits.FillBytes;
    }
}
