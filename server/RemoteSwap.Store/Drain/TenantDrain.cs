using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Writes all of a tenant as images, shard by shard: first its frames as they are, the least recent first; then, leaf
/// by leaf, what of the index stands in no frame; then the floors. A start that reads them in this order has every leaf
/// when it learns what the leaf's empty slots have seen.
/// <para>
/// Nothing changes the tenant any more. Locks: a shard's, for a few frames or one leaf at a time.
/// </para>
/// </summary>
internal sealed class TenantDrain(Tenant tenant, ImageWriter writer)
{
    // Frames that are copied under one hold of the lock.
    private const int FramesAtOnce = 32;

    private readonly IndexImages _index = new(writer, tenant.Number);
    private readonly List<IndexRecord> _records = new(2 * SlabLeaves.LeafEntries);
    private readonly SortedSet<uint> _areas = [];
    private long _pages;
    private long _spilled;
    private long _lost;

    /// <summary>Writes the images.</summary>
    public async Task<DrainedTenant> RunAsync(CancellationToken cancellation)
    {
        long first = writer.Images;
        for (int number = 0; number < tenant.Shards.Length; number++)
        {
            await WriteFramesAsync(tenant.Shards[number], cancellation);
            await WriteIndexAsync(tenant.Shards[number], number, cancellation);
        }

        await _index.EndAsync();
        return new DrainedTenant
        {
            Name = tenant.Name,
            Number = tenant.Number,
            Shards = tenant.Shards.Length,
            Images = writer.Images - first,
            Frames = tenant.Budget.UsedFrames,
            Pages = _pages,
            SpilledPages = _spilled,
            LostPages = _lost,
            Areas = [.. _areas],
        };
    }

    private async Task WriteFramesAsync(Shard shard, CancellationToken cancellation)
    {
        FrameCopier copier = new(shard.Pool);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            int most = Math.Min(FramesAtOnce, writer.Group.Room);
            int first = writer.Group.Count;
            int copied = copier.Copy(writer.Group.Frames(first, most), writer.Group.Headers(first, most), most);
            if (copied == 0)
            {
                return;
            }

            await writer.TakeAsync(copied);
        }
    }

    private async Task WriteIndexAsync(Shard shard, int number, CancellationToken cancellation)
    {
        foreach ((AreaId area, Slot first) in LeafWalk.Of(shard))
        {
            cancellation.ThrowIfCancellationRequested();
            _areas.Add(area.Value);
            _records.Clear();
            lock (shard.Gate)
            {
                AddLeaf(shard, number, area, first);
            }

            await WriteRecordsAsync();
        }

        _records.Clear();
        lock (shard.Gate)
        {
            AddFloors(shard, number);
        }

        await WriteRecordsAsync();
    }

    private async ValueTask WriteRecordsAsync()
    {
        foreach (IndexRecord record in _records)
        {
            await _index.AddAsync(record);
        }
    }

    private void AddLeaf(Shard shard, int number, AreaId area, Slot first)
    {
        Generation floor = default;
        List<IndexRecord> tombstones = [];
        for (ulong value = first.Value; value < first.Value + SlabLeaves.LeafEntries; value++)
        {
            Slot slot = new(value);
            SwapEntry entry = shard.Index[area, slot];
            if (entry.IsOwn)
            {
                tombstones.Add(
                    new IndexRecord(IndexRecordKind.Tombstone, number, area, (uint)value, entry.Generation));
            }
            else if (entry.IsEmpty)
            {
                floor = entry.Generation;
            }
            else
            {
                AddPage(shard, number, area, slot, in entry);
            }
        }

        if (!floor.IsNone)
        {
            _records.Add(new IndexRecord(IndexRecordKind.LeafFloor, number, area, (uint)first.Value, floor));
        }

        _records.AddRange(tombstones);
    }

    private void AddPage(Shard shard, int number, AreaId area, Slot slot, in SwapEntry entry)
    {
        if (entry.IsFill)
        {
            _pages++;
            _records.Add(new IndexRecord(IndexRecordKind.Fill, number, area, (uint)slot.Value, entry.Generation)
            {
                IsHandedOver = entry.IsHandedOver,
                PageChecksum = entry.PageChecksum,
                Word = shard.Storage.FillWord(in entry),
            });
            return;
        }

        if (entry.Kind == EntryKind.Evicted)
        {
            _pages++;
            _records.Add(new IndexRecord(IndexRecordKind.Evicted, number, area, (uint)slot.Value, entry.Generation)
            {
                IsHandedOver = entry.IsHandedOver,
                PageChecksum = entry.PageChecksum,
                Word = (ulong)entry.Encoding,
            });
            return;
        }

        if (entry.IsHandedOver)
        {
            _records.Add(
                new IndexRecord(IndexRecordKind.HandedOver, number, area, (uint)slot.Value, entry.Generation));
        }

        _pages += entry.Kind == EntryKind.Zpage ? 1 : 0;
        if (entry.Kind == EntryKind.Spilled)
        {
            // The live book brings it back, if there is one.
            bool isKept = shard.Target?.Book is not null;
            _spilled += isKept ? 1 : 0;
            _lost += isKept ? 0 : 1;
        }
    }

    private void AddFloors(Shard shard, int number)
    {
        IndexFloors floors = new(shard.Index);
        List<AreaId> areas = [];
        shard.Index.ListAreas(areas);
        foreach (AreaId area in areas)
        {
            List<uint> slabs = [];
            shard.Index.ListSlabs(area, 0, uint.MaxValue, slabs);
            foreach (uint slab in slabs.Where(slab => !floors.Of(area, slab).IsNone))
            {
                _records.Add(
                    new IndexRecord(IndexRecordKind.SlabFloor, number, area, slab, floors.Of(area, slab)));
            }

            if (!floors.Of(area).IsNone)
            {
                _records.Add(new IndexRecord(IndexRecordKind.AreaFloor, number, area, 0, floors.Of(area)));
            }
        }
    }
}
