using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Audits a tenant: its pools (I1 to I11), index A against index B in both directions (R2), every counter against what
/// is there, and on request every zpage against its checksum.
/// <para>
/// Cost: a shard is locked while its books are compared; checksums are compared outside the lock, on pinned zpages, a
/// leaf (256 slots) at a time.
/// </para>
/// </summary>
public sealed class StoreAudit
{
    /// <summary>The most violations that are listed; more tell nothing new.</summary>
    public const int MaxViolations = 1000;

    private readonly Tenant _tenant;
    private readonly List<string> _violations = [];
    private long _frames;
    private long _entries;
    private long _verified;

    private StoreAudit(Tenant tenant) => _tenant = tenant;

    /// <summary>Audits a tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="deep">Compare checksums too.</param>
    public static AuditResult Run(Tenant tenant, bool deep)
    {
        StoreAudit audit = new(tenant);
        foreach (Shard shard in tenant.Shards)
        {
            lock (shard.Gate)
            {
                audit.CheckBooks(shard);
            }

            if (deep)
            {
                audit.CheckBytes(shard);
            }
        }

        return new AuditResult(audit._violations, audit._frames, audit._entries, audit._verified);
    }

    private void CheckBooks(Shard shard)
    {
        List<string> pool = [];
        _frames += PoolAudit.Run(shard.Pool, pool);
        pool.ForEach(Add);

        Totals totals = new();
        foreach ((AreaId area, Slot first) in LeafWalk.Of(shard))
        {
            for (ulong number = first.Value; number < first.Value + SlabLeaves.LeafEntries; number++)
            {
                SwapEntry entry = shard.Index[area, new Slot(number)];
                if (!entry.IsEmpty)
                {
                    CheckEntry(shard, area, new Slot(number), in entry, totals);
                }
            }
        }

        PoolAudit.VisitUsers(shard.Pool, handle => CheckUser(shard, handle));
        _entries += totals.Entries;
        ShardCounters counters = shard.Counters;
        Equal(totals.Entries, shard.Index.Count, "entries of the index", shard);
        Equal(totals.Zpages, shard.Pool.Statistics.Zpages, "R2 zpages of index A and handles of index B", shard);
        Equal(totals.Fills, counters.SameFilledPages, "same-filled pages", shard);
        Equal(totals.WideFills, shard.FillWords, "words of the fill table", shard);
        Equal(totals.Spilled, counters.SpilledPages, "spilled pages", shard);
        Equal(totals.Evicted, counters.EvictedPages, "evicted pages", shard);
        Equal(totals.Bytes, counters.ZpageBytes, "bytes of zpages", shard);
        Equal(totals.Headless, counters.IncompressiblePages, "incompressible pages", shard);
        Equal(totals.HandedOver, counters.ExclusivePending, "pages handed over", shard);
    }

    private void CheckEntry(Shard shard, AreaId area, Slot slot, in SwapEntry entry, Totals totals)
    {
        totals.Entries++;
        totals.HandedOver += entry.IsHandedOver ? 1 : 0;
        switch (entry.Kind)
        {
            case EntryKind.Zpage:
                totals.Zpages++;
                totals.Bytes += entry.Length;
                totals.Headless += entry.Length > Chunks.MaxZpageBytes ? 1 : 0;
                if (!shard.Pool.IsLive(entry.Handle))
                {
                    Add($"area {area.Value} slot {slot.Value}: R2 its {entry.Handle} is stale");
                }
                else if (!OwnerRecord.Read(shard.Pool.OwnerRecord(entry.Handle)).Matches(area, slot, in entry))
                {
                    Add($"area {area.Value} slot {slot.Value}: R2 its zpage says that it is another's: "
                        + $"{OwnerRecord.Read(shard.Pool.OwnerRecord(entry.Handle))} of {entry}");
                }

                break;
            case EntryKind.Spilled:
                totals.Spilled++;
                if (shard.Target!.Book is { } book && !book[entry.Place].Has(entry.Buddy))
                {
                    Add($"area {area.Value} slot {slot.Value}: its image is not marked as current");
                }

                break;
            case EntryKind.Evicted:
                totals.Evicted++;
                break;
            default:
                totals.Fills++;
                totals.WideFills += entry.Kind == EntryKind.FillWide ? 1 : 0;
                break;
        }
    }

    private void CheckUser(Shard shard, ZbudHandle handle)
    {
        OwnerRecord record = OwnerRecord.Read(shard.Pool.OwnerRecord(handle));
        SwapEntry entry = shard.Index[record.Area, record.Slot];
        if (entry.Kind != EntryKind.Zpage || entry.Handle != handle)
        {
            Add($"{handle}: R2 the slot it names (area {record.Area.Value} slot {record.Slot.Value}) does not name it");
        }
    }

    private void CheckBytes(Shard shard)
    {
        // Of spilled pages the books are looked at only: an audit is not for reading a whole file.
        LeafCheck check = new(target: null);
        foreach ((AreaId area, Slot first) in LeafWalk.Of(shard))
        {
            try
            {
                check.Begin(_tenant, shard, area, first);
                check.CompareZpages();
            }
            finally
            {
                check.End();
            }

            foreach (Slot slot in check.Corrupt)
            {
                shard.CountCorrupt();
                Add($"area {area.Value} slot {slot.Value}: its zpage's checksum or owner is wrong");
            }

            _verified += check.Pages;
        }
    }

    private void Equal(long counted, long booked, string what, Shard shard)
    {
        if (counted != booked)
        {
            Add($"pool {shard.Pool.Number}: {what}: {counted} are there, {booked} are booked");
        }
    }

    private void Add(string violation)
    {
        if (_violations.Count < MaxViolations)
        {
            _violations.Add($"tenant '{_tenant.Name}': {violation}");
        }
    }

    private sealed class Totals
    {
        public long Entries;
        public long Zpages;
        public long Bytes;
        public long Headless;
        public long Fills;
        public long WideFills;
        public long Spilled;
        public long Evicted;
        public long HandedOver;
    }
}
