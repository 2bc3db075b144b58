using System.Runtime.InteropServices;
using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Where the page of an entry is kept, by the entry's kind: in the pool, in the entry, in the fill table, or in the
/// writeback target. It makes entries and frees what they name; the index is the shard's.
/// <para>Guarded by the shard's lock.</para>
/// </summary>
internal sealed class EntryStorage(
    ZbudPool pool,
    CellTable fillWords,
    FrameBudget budget,
    ShardCounters counters,
    IncompressiblePolicy incompressible,
    IWritebackTarget? target)
{
    /// <summary>Words in the fill table.</summary>
    public int FillWords => fillWords.Count;

    /// <summary>Frames of the fill table.</summary>
    public int FillFrames => fillWords.FrameCount;

    /// <summary>Tells whether a page that is stored again at its generation is the page that is stored.</summary>
    public bool IsSamePage(in StorePage page, in SwapEntry present) => present.Kind switch
    {
        EntryKind.Zpage => OwnerRecord.Read(pool.OwnerRecord(present.Handle)) is var record
            && record.ZpageChecksum == page.ZpageChecksum && record.PageChecksum == page.PageChecksum
            && record.Length == page.Zpage.Length,

        // The image is not at hand; its length, encoding and 15 bits of the checksum are, if there was one.
        EntryKind.Spilled => page.PageChecksum != 0
            && present.Length == page.Zpage.Length
            && present.Encoding == page.Encoding
            && present.HasFingerprint(page.PageChecksum),
        EntryKind.Evicted => page.PageChecksum != 0 && present.PageChecksum == page.PageChecksum,
        _ => page.Encoding == ZpageEncoding.Fill
            && present.PageChecksum == page.PageChecksum
            && FillWord(in present) == MemoryMarshal.Read<ulong>(page.Zpage),
    };

    /// <summary>Allocates a place for a page and copies it there (steps 4 and 5 of a Store).</summary>
    /// <returns>Stored or SameFilled with its entry, else why not, and no entry.</returns>
    public StoreOutcome Place(in StorePage page, Generation generation, out SwapEntry entry)
    {
        entry = default;
        if (page.Encoding == ZpageEncoding.Fill)
        {
            return PlaceFill(in page, generation, out entry);
        }

        // (4)
        int length = page.Zpage.Length;
        bool headless = length > Chunks.MaxZpageBytes;
        if (headless && incompressible == IncompressiblePolicy.Reject)
        {
            return StoreOutcome.CompressPoor;
        }

        AllocStatus status = headless
            ? pool.TryAllocateHeadless(out ZbudHandle handle)
            : pool.TryAllocate(length, out handle);
        if (status != AllocStatus.Ok)
        {
            return Refusal(status == AllocStatus.NoHandle ? StoreOutcome.MetadataFail : StoreOutcome.AllocFail);
        }

        // (5)
        ZpageMemory memory = pool.Open(handle);
        ZpageTail.Write(page.Zpage, memory.Bytes, memory.Spare);
        new OwnerRecord(page.Area, page.Slot, generation, page.Encoding, length, page.ZpageChecksum, page.PageChecksum)
            .Write(memory.OwnerRecord);
        entry = SwapEntry.Zpage(generation, page.Encoding, handle, length);
        counters.ZpageBytes += length;
        counters.IncompressiblePages += headless ? 1 : 0;
        return StoreOutcome.Stored;
    }

    /// <summary>Makes the entry of a zpage that came into the pool with its frame.</summary>
    public SwapEntry Adopt(in OwnerRecord record, ZbudHandle handle)
    {
        counters.ZpageBytes += record.Length;
        counters.IncompressiblePages += record.Length > Chunks.MaxZpageBytes ? 1 : 0;
        return SwapEntry.Zpage(record.Generation, record.Encoding, handle, record.Length);
    }

    private StoreOutcome PlaceFill(in StorePage page, Generation generation, out SwapEntry entry)
    {
        ulong word = MemoryMarshal.Read<ulong>(page.Zpage);
        if (SwapEntry.IsNarrow(word))
        {
            entry = SwapEntry.FillNarrow(generation, word, page.PageChecksum);
        }
        else if (fillWords.TryTake(out uint cell))
        {
            MemoryMarshal.Write(fillWords[cell], in word);
            entry = SwapEntry.FillWide(generation, cell, page.PageChecksum);
        }
        else
        {
            entry = default;
            return Refusal(StoreOutcome.MetadataFail);
        }

        counters.SameFilledPages++;
        return StoreOutcome.SameFilled;
    }

    /// <summary>Why there was no frame: at the tenant's limit, at the server's, or something else.</summary>
    public StoreOutcome Refusal(StoreOutcome otherwise) => budget.WhyRefused() switch
    {
        BudgetRefusal.TenantLimit => StoreOutcome.TenantLimit,
        BudgetRefusal.ServerLimit => StoreOutcome.PoolLimit,
        _ => otherwise,
    };

    /// <summary>Copies a zpage out, after comparing its owner record with the entry that names it.</summary>
    public LoadOutcome ReadZpage(AreaId area, Slot slot, in SwapEntry entry, Span<byte> zpage, out LoadedPage page)
    {
        ZpageMemory memory = pool.Open(entry.Handle);
        OwnerRecord record = OwnerRecord.Read(memory.OwnerRecord);
        if (!record.Matches(area, slot, in entry))
        {
            page = default;
            Interlocked.Increment(ref counters.CorruptPages);
            return LoadOutcome.Corrupt;
        }

        ZpageTail.Read(memory.Bytes, memory.Spare, entry.Length, zpage);
        pool.NoteLoad(entry.Handle);
        page = new LoadedPage(
            entry.Generation,
            entry.Encoding,
            entry.Length,
            record.ZpageChecksum,
            record.PageChecksum);
        return LoadOutcome.Loaded;
    }

    /// <summary>
    /// Reads a page that is in its entry alone: writes the word of a same-filled one out, names one that its owner
    /// keeps.
    /// </summary>
    public LoadOutcome ReadEntry(in SwapEntry entry, Span<byte> zpage, out LoadedPage page)
    {
        bool isEvicted = entry.Kind == EntryKind.Evicted;
        counters.EvictedLoads += isEvicted ? 1 : 0;
        page = isEvicted
            ? new LoadedPage(entry.Generation, ZpageEncoding.None, 0, 0, entry.PageChecksum)
            : ReadFill(in entry, zpage);
        return isEvicted ? LoadOutcome.Evicted : LoadOutcome.Loaded;
    }

    private LoadedPage ReadFill(in SwapEntry entry, Span<byte> zpage)
    {
        ulong word = FillWord(in entry);
        MemoryMarshal.Write(zpage, in word);
        return new LoadedPage(
            entry.Generation,
            ZpageEncoding.Fill,
            ZpageLimits.FillBytes,
            PageChecksum.OfZpage(zpage[..ZpageLimits.FillBytes]),
            entry.PageChecksum);
    }

    /// <summary>Frees whatever an entry names that is out of the index.</summary>
    public void Release(in SwapEntry entry)
    {
        counters.ExclusivePending -= entry.IsHandedOver ? 1 : 0;
        switch (entry.Kind)
        {
            case EntryKind.Zpage:
                Free(in entry);
                break;
            case EntryKind.Spilled:
                // Unmarked before the place can be another page's, and before anybody is told.
                target!.Book?.Clear(entry.Place, entry.Buddy);
                target.DropUser(entry.Place);
                counters.SpilledPages--;
                break;
            case EntryKind.Evicted:
                counters.EvictedPages--;
                break;
            case EntryKind.FillWide:
                fillWords.Give(entry.Cell);
                counters.SameFilledPages--;
                break;
            default:
                counters.SameFilledPages--;
                break;
        }
    }

    /// <summary>Frees the zpage of an entry.</summary>
    public void Free(in SwapEntry entry)
    {
        counters.ZpageBytes -= entry.Length;
        counters.IncompressiblePages -= entry.Length > Chunks.MaxZpageBytes ? 1 : 0;
        bool freed = pool.Free(entry.Handle);
        Invariant.That(freed, "an entry's handle is live", entry.Handle.Value);
    }

    /// <summary>The word of a same-filled page.</summary>
    public ulong FillWord(in SwapEntry entry) => entry.Kind == EntryKind.FillNarrow
        ? entry.NarrowWord
        : MemoryMarshal.Read<ulong>(fillWords[entry.Cell]);
}
