using System.Runtime.InteropServices;
using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Takes the drained images of a tenant into memory. Each is proven first: it is whole, of this drain, and of this
/// tenant. Its frame is adopted as it is, with new handles; where the number of shards has changed and its two pages
/// belong to different ones now, page by page. An image that is not proven is lost, with all that was in it.
/// <para>
/// Index A comes from the owner records in the frames, and from index images. Locks: a shard's, for one image or one
/// record. Nothing is served yet.
/// </para>
/// </summary>
internal sealed class TenantRestore(Tenant tenant, DrainedTenant drained, ulong drain)
{
    /// <summary>Pages that are back.</summary>
    public long Pages { get; private set; }

    /// <summary>Images that could not be proven.</summary>
    public long BadImages { get; private set; }

    /// <summary>Pages for which there was no room.</summary>
    public long Unplaced { get; private set; }

    /// <summary>Whether everything is back that there was.</summary>
    public bool IsWhole => BadImages == 0 && Unplaced == 0 && Pages == drained.Pages && drained.LostPages == 0
        && SpilledPages == drained.SpilledPages;

    /// <summary>Pages that are not back, at least.</summary>
    public long LostPages => IsWhole
        ? 0
        : Math.Max(1, drained.Pages - Pages + drained.SpilledPages - SpilledPages) + drained.LostPages;

    /// <summary>Pages that the live book of the spill file has brought back, before any image was read.</summary>
    public long SpilledPages { get; } = SpilledOf(tenant);

    private static long SpilledOf(Tenant tenant)
    {
        long pages = 0;
        foreach (Shard shard in tenant.Shards)
        {
            lock (shard.Gate)
            {
                pages += shard.Counters.SpilledPages;
            }
        }

        return pages;
    }

    /// <summary>An image could not be read at all.</summary>
    public void Miss() => BadImages++;

    /// <summary>Takes an image.</summary>
    public void Take(Span<byte> frame, Span<byte> header)
    {
        FrameHeader fields = FrameHeader.Of(header);
        if (fields.Owner != drained.Number || !FrameImage.IsWhole(frame, header, drain))
        {
            BadImages++;
        }
        else if (fields.Kind == FrameKind.Index)
        {
            foreach (IndexRecord record in IndexImages.Read(frame))
            {
                Take(in record);
            }
        }
        else if (FrameAdopter.IsFrame(in fields))
        {
            TakeFrame(frame, header, in fields);
        }
        else
        {
            BadImages++;
        }
    }

    private void TakeFrame(Span<byte> frame, Span<byte> header, in FrameHeader fields)
    {
        OwnerRecord first = OwnerRecord.Read(FrameHeader.Record(header, Buddy.First));
        OwnerRecord last = OwnerRecord.Read(FrameHeader.Record(header, Buddy.Last));
        bool isKnown = (fields.FirstChunks == 0 || IsServed(first.Area))
            && (fields.LastChunks == 0 || IsServed(last.Area));
        if (!isKnown || !IsSound(in first, fields.FirstChunks) || !IsSound(in last, fields.LastChunks))
        {
            BadImages++;
            return;
        }

        Shard shard = ShardOf(fields.FirstChunks == 0 ? last : first);
        if (fields.FirstChunks != 0 && fields.LastChunks != 0 && ShardOf(last) != shard)
        {
            Place(in first, frame.Slice(Chunks.Offset(Buddy.First, fields.FirstChunks), first.Length));
            Place(in last, frame.Slice(Chunks.Offset(Buddy.Last, fields.LastChunks), last.Length));
            return;
        }

        lock (shard.Gate)
        {
            if (!new FrameAdopter(shard.Pool).TryAdopt(
                frame, header, out ZbudHandle firstHandle, out ZbudHandle lastHandle))
            {
                Unplaced += (fields.FirstChunks == 0 ? 0 : 1) + (fields.LastChunks == 0 ? 0 : 1);
                return;
            }

            Adopt(shard, in first, firstHandle);
            Adopt(shard, in last, lastHandle);
        }
    }

    private void Adopt(Shard shard, in OwnerRecord record, ZbudHandle handle)
    {
        if (!handle.IsNone)
        {
            SwapEntry entry = shard.Storage.Adopt(in record, handle);
            Publish(shard, record.Area, record.Slot, entry);
        }
    }

    private void Place(in OwnerRecord record, ReadOnlySpan<byte> zpage)
    {
        StorePage page = StorePage.Of(in record, zpage);
        Place(ShardOf(record), in page);
    }

    private void Place(Shard shard, in StorePage page)
    {
        lock (shard.Gate)
        {
            shard.Storage.Place(in page, page.Generation, out SwapEntry entry);
            if (entry.IsEmpty)
            {
                Unplaced++;
            }
            else
            {
                Publish(shard, page.Area, page.Slot, entry);
            }
        }
    }

    // Inside the shard's lock. Of two pages of one slot neither is believed: a drain writes only one.
    private void Publish(Shard shard, AreaId area, Slot slot, SwapEntry entry)
    {
        if (!shard.Index[area, slot].IsEmpty)
        {
            shard.Storage.Release(in entry);
            shard.Storage.Release(shard.Index.Remove(area, slot, entry.Generation));
            BadImages++;
        }
        else if (shard.Index.TryPublish(area, slot, entry, out _))
        {
            tenant.Areas[area].Saw(entry.Generation.Value);
            Pages++;
        }
        else
        {
            shard.Storage.Release(in entry);
            Unplaced++;
        }
    }

    private void Take(in IndexRecord record)
    {
        if (record.Kind == IndexRecordKind.None)
        {
            return;
        }

        if (!IsServed(record.Area) || !IsSound(in record))
        {
            BadImages++;
            return;
        }

        switch (record.Kind)
        {
            case IndexRecordKind.Fill:
                TakeFill(in record);
                break;
            case IndexRecordKind.Evicted:
                TakeEvicted(in record);
                break;
            case IndexRecordKind.AreaFloor:
                TakeAreaFloor(in record);
                break;
            case IndexRecordKind.SlabFloor:
                Shard ofSlab = tenant.ShardOf(record.Area, new Slot((ulong)record.Slab << Slot.SlabShift));
                lock (ofSlab.Gate)
                {
                    new IndexFloors(ofSlab.Index).Raise(record.Area, record.Slab, record.Generation);
                }

                break;
            default:
                Shard shard = tenant.ShardOf(record.Area, record.Slot);
                lock (shard.Gate)
                {
                    TakeSlot(shard, in record);
                }

                break;
        }
    }

    private void TakeFill(in IndexRecord record)
    {
        ulong word = record.Word;
        StorePage page = new()
        {
            Area = record.Area,
            Slot = record.Slot,
            Generation = record.Generation,
            Encoding = ZpageEncoding.Fill,
            Zpage = MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in word)),
            ZpageChecksum = 0,
            PageChecksum = record.PageChecksum,
        };
        Shard shard = tenant.ShardOf(record.Area, record.Slot);
        Place(shard, in page);
        if (record.IsHandedOver)
        {
            lock (shard.Gate)
            {
                HandOver(shard, in record);
            }
        }
    }

    private void TakeEvicted(in IndexRecord record)
    {
        Shard shard = tenant.ShardOf(record.Area, record.Slot);
        SwapEntry entry = SwapEntry.Zpage(record.Generation, (ZpageEncoding)record.Word, handle: default, length: 0)
            .ToEvicted(record.PageChecksum);
        lock (shard.Gate)
        {
            shard.Counters.EvictedPages++;
            Publish(shard, record.Area, record.Slot, entry);
            if (record.IsHandedOver)
            {
                HandOver(shard, in record);
            }
        }
    }

    // Each shard has its own; where their number has changed, all get it.
    private void TakeAreaFloor(in IndexRecord record)
    {
        bool isSame = drained.Shards == tenant.Shards.Length;
        for (int number = 0; number < tenant.Shards.Length; number++)
        {
            if (!isSame || number == record.Shard)
            {
                Shard shard = tenant.Shards[number];
                lock (shard.Gate)
                {
                    new IndexFloors(shard.Index).Raise(record.Area, record.Generation);
                }
            }
        }
    }

    private static void TakeSlot(Shard shard, in IndexRecord record)
    {
        IndexFloors floors = new(shard.Index);
        switch (record.Kind)
        {
            case IndexRecordKind.Tombstone:
                floors.SetEmpty(record.Area, record.Slot, SwapEntry.Tombstone(record.Generation));
                break;
            case IndexRecordKind.LeafFloor:
                SwapEntry floor = SwapEntry.Floor(record.Generation);
                for (ulong place = 0; place < SlabLeaves.LeafEntries; place++)
                {
                    floors.SetEmpty(record.Area, new Slot(record.Slot.Value + place), floor);
                }

                break;
            default:
                HandOver(shard, in record);
                break;
        }
    }

    private static void HandOver(Shard shard, in IndexRecord record)
    {
        SwapEntry entry = shard.Index[record.Area, record.Slot];
        if (!entry.IsEmpty && !entry.IsHandedOver && entry.Generation == record.Generation)
        {
            shard.Index.Repoint(record.Area, record.Slot, entry, entry.ToHandedOver());
            shard.Counters.ExclusivePending++;
        }
    }

    // Numbers that do not fit where the index keeps them would be something else there.
    private static bool IsSound(in IndexRecord record) =>
        record.Generation.Value <= Generation.MaxValue
        && record.Kind <= IndexRecordKind.Evicted
        && (record.Kind != IndexRecordKind.Evicted
            || record.Word is >= (ulong)ZpageEncoding.Lz4 and <= (ulong)ZpageEncoding.Sealed);

    // A headless frame has 64 chunks, whatever the length of its zpage.
    private static bool IsSound(in OwnerRecord record, int chunks) => (chunks == 0 || record.IsSound) && chunks switch
    {
        0 => true,
        Chunks.PerFrame => record.Length is > Chunks.MaxZpageBytes and <= ZpageLimits.MaxBytes,
        _ => Chunks.Of(record.Length) == chunks,
    };

    private bool IsServed(AreaId area) => area.Value < (uint)tenant.Options.Areas;

    private Shard ShardOf(in OwnerRecord record) => tenant.ShardOf(record.Area, record.Slot);
}
