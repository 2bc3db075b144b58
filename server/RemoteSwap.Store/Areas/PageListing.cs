namespace RemoteSwap.Store;

/// <summary>
/// Lists the pages of an area by slot. It visits only slabs and leaves that hold something, holds a shard's lock for
/// one leaf (256 slots) at a time, and sees each slot at the moment at which it comes by.
/// </summary>
public sealed class PageListing
{
    /// <summary>The most pages in one listing.</summary>
    public const int MaxPages = 65_536;

    private readonly Tenant _tenant;
    private readonly AreaId _area;
    private readonly AreaClaim _claim;
    private readonly int _maxPages;
    private readonly List<ListedPage> _pages = [];

    private PageListing(Tenant tenant, AreaId area, AreaClaim claim, int maxPages)
    {
        _tenant = tenant;
        _area = area;
        _claim = claim;
        _maxPages = maxPages;
    }

    /// <summary>The pages.</summary>
    public IReadOnlyList<ListedPage> Pages => _pages;

    /// <summary>Where to go on; null: these were all.</summary>
    public ulong? Next { get; private set; }

    /// <summary>Whether the epoch is not the owner's; then nothing is listed.</summary>
    public bool IsFenced { get; private set; }

    /// <summary>Lists pages.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="area">The area.</param>
    /// <param name="epoch">Who asks.</param>
    /// <param name="first">The first slot to look at.</param>
    /// <param name="maxPages">The most pages to list, 1 to <see cref="MaxPages"/>.</param>
    public static PageListing Run(Tenant tenant, AreaId area, AttachEpoch epoch, Slot first, int maxPages)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPages, 1);
        PageListing listing = new(tenant, area, new AreaClaim(tenant.Areas[area], epoch), Math.Min(maxPages, MaxPages));
        listing.Run(first.Value);
        if (listing.IsFenced)
        {
            listing._pages.Clear();
            listing.Next = null;
        }

        return listing;
    }

    /// <summary>Counts the pages of an area.</summary>
    internal static long Count(Tenant tenant, AreaId area)
    {
        long pages = 0;
        foreach (Shard shard in tenant.Shards)
        {
            lock (shard.Gate)
            {
                pages += shard.Index.CountOf(area);
            }
        }

        return pages;
    }

    private void Run(ulong first)
    {
        foreach (uint slab in Slabs(new Slot(first).Slab))
        {
            Shard shard = _tenant.ShardOf(_area, new Slot((ulong)slab << Slot.SlabShift));
            foreach (Slot leaf in LeafWalk.Of(shard, _area, slab))
            {
                AddLeaf(shard, leaf.Value, first);
                if (IsFenced || Next is not null)
                {
                    return;
                }
            }
        }
    }

    private List<uint> Slabs(uint first)
    {
        List<uint> slabs = [];
        foreach (Shard shard in _tenant.Shards)
        {
            lock (shard.Gate)
            {
                IsFenced |= !_claim.IsCurrent;
                shard.Index.ListSlabs(_area, first, uint.MaxValue, slabs);
            }
        }

        slabs.Sort();
        return slabs;
    }

    private void AddLeaf(Shard shard, ulong leafSlot, ulong first)
    {
        lock (shard.Gate)
        {
            IsFenced |= !_claim.IsCurrent;
            for (ulong number = Math.Max(first, leafSlot); number < leafSlot + SlabLeaves.LeafEntries; number++)
            {
                Slot slot = new(number);
                SwapEntry entry = shard.Index[_area, slot];
                if (entry.IsEmpty)
                {
                    continue;
                }

                if (_pages.Count == _maxPages)
                {
                    Next = number;
                    return;
                }

                _pages.Add(new ListedPage(
                    slot, entry.Generation, shard.PageChecksumOf(in entry), entry.Kind == EntryKind.Evicted));
            }
        }
    }
}
