using System.Collections.Concurrent;
using RemoteSwap.Client.Evictions;

namespace RemoteSwap.Client.Records;

/// <summary>
/// The client's own record of an area: for each slot the newest generation whose fate it knows, whether that was a
/// page, and the page's checksum. What the server answers is judged by it, so the server need not be believed.
/// <para>
/// What may be answered to a load. Let M be what was settled of the slot when the load began. An older generation than
/// M's is a page that should not be there any more. M's own, or a newer one, is right if its checksum agrees with what
/// is known of that generation: a newer one is a store whose fate is not known here yet. No page, where M is a page: it
/// is lost, or, in an area that is a cache, was dropped: there is none. No page, where M is none: there is none.
/// </para>
/// <para>
/// What it is not: proof against a server that forges pages with the checksum of a generation that is under way; that
/// takes a key (SEALED pages).
/// </para>
/// <para>
/// Memory: 16 bytes a slot, in blocks of 256 slots that were stored. Locks: one for 16,384 slots, inside it that of
/// <see cref="RecentEmptyings"/>; and that of <see cref="RecordRanges"/>.
/// That of <see cref="LocalPages"/> is taken outside of them: whatever supersedes a page that is kept there drops it
/// before its caller learns of it.
/// </para>
/// </summary>
internal sealed class PageRecord
{
    private readonly ConcurrentDictionary<uint, RecordSlab> _slabs = new();
    private readonly RecordRanges _ranges = new();
    private readonly RecentEmptyings _emptied = new();

    /// <summary>Whether the area is a cache: a page that is not there was dropped, and none is lost.</summary>
    public bool IsCache { get; set; }

    /// <summary>Called when an answer says that somebody else owns the area.</summary>
    public Action Fenced { get; set; } = static () => { };

    /// <summary>The pages that are kept on this side; null: none are.</summary>
    public LocalPages? Local { get; set; }

    /// <summary>Slots that hold a page.</summary>
    public long CountStored() => _slabs.Values.Sum(static slab => (long)slab.StoredPages);

    /// <summary>Whether a slot holds a page.</summary>
    public bool IsStored(ulong slot) => MarkOf(slot).IsStored;

    /// <summary>What is settled of a slot.</summary>
    public RecordMark MarkOf(ulong slot)
    {
        if (!_slabs.TryGetValue((uint)(slot >> RecordSlab.Shift), out RecordSlab? slab))
        {
            return default;
        }

        lock (slab.Gate)
        {
            return slab.MarkOf(slot);
        }
    }

    /// <summary>A store is about to be sent.</summary>
    public void Issue(ulong slot, ulong generation) => Issue(slot, generation, empties: false);

    /// <summary>An invalidation is about to be sent.</summary>
    public void IssueInvalidation(ulong slot, ulong generation) => Issue(slot, generation, empties: true);

    /// <summary>Stores are about to be sent.</summary>
    public void Issue(ReadOnlySpan<ulong> slots, ulong firstGeneration)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            Issue(slots[i], firstGeneration + (ulong)i);
        }
    }

    /// <summary>An invalidation of a run of slots is about to be sent.</summary>
    public void IssueRange(ulong first, ulong count, ulong generation)
    {
        _ranges.Add(first, first + (count - 1), generation);
        _emptied.Add(first, first + (count - 1), generation);
    }

    /// <summary>
    /// Whether nothing newer was sent for a slot, and nothing newer is settled: then a store that was refused as stale
    /// may be sent again, as a newer one.
    /// </summary>
    /// <param name="slot">The slot.</param>
    /// <param name="generation">The store's generation.</param>
    /// <param name="isRefused">Whether the store itself is settled, as refused.</param>
    public bool IsLatest(ulong slot, ulong generation, bool isRefused = false)
    {
        if (_ranges.HasNewer(slot, generation))
        {
            return false;
        }

        RecordSlab slab = SlabOf(slot);
        lock (slab.Gate)
        {
            ref RecordedPage page = ref slab.At(slot);
            return page.Issued == (uint)generation
                && (page.Mark.Generation < generation || (isRefused && page.Mark.Generation == generation));
        }
    }

    /// <summary>A store was answered.</summary>
    public void Settle(ulong slot, ulong generation, uint checksum, StoreOutcome outcome)
    {
        switch (outcome)
        {
            case StoreOutcome.Stored or StoreOutcome.SameFilled:
                Settle(slot, new RecordMark(RecordedKind.Stored, generation), checksum);
                break;
            case StoreOutcome.Fenced:
                Fenced();
                break;
            case StoreOutcome.Stale or StoreOutcome.Invariant:
                break;
            default:
                Settle(slot, new RecordMark(RecordedKind.Empty, generation), checksum: 0);
                break;
        }
    }

    /// <summary>An invalidation was answered.</summary>
    public void Settle(ulong slot, ulong generation, InvalidateOutcome outcome)
    {
        if (outcome == InvalidateOutcome.Fenced)
        {
            Fenced();
        }
        else if (outcome is InvalidateOutcome.Invalidated or InvalidateOutcome.NotFound)
        {
            Settle(slot, new RecordMark(RecordedKind.Empty, generation), checksum: 0);
        }
    }

    /// <summary>An invalidation of a run of slots was answered.</summary>
    public void Settle(ulong first, ulong count, ulong generation)
    {
        ulong last = first + (count - 1);
        _ranges.Remove(first, last, generation);
        foreach ((uint number, RecordSlab slab) in _slabs)
        {
            ulong slabFirst = (ulong)number << RecordSlab.Shift;
            ulong slabLast = slabFirst + (1UL << RecordSlab.Shift) - 1;
            if (slabFirst <= last && slabLast >= first)
            {
                lock (slab.Gate)
                {
                    slab.Empty(Math.Max(first, slabFirst), Math.Min(last, slabLast), generation);
                }
            }
        }

        Local?.DropRange(first, last, generation);
    }

    /// <summary>A page was handed to its caller for good.</summary>
    public void TakeOver(ulong slot, ulong generation)
    {
        RecordSlab slab = SlabOf(slot);
        lock (slab.Gate)
        {
            ref RecordedPage page = ref slab.At(slot);
            if (page.Mark.Generation > generation)
            {
                return;
            }

            _emptied.Add(slot, slot, generation);
            slab.Set(ref page, new RecordMark(RecordedKind.Empty, generation), checksum: 0);
        }

        Local?.Drop(slot, generation);
    }

    /// <summary>A page comes into the eviction file.</summary>
    /// <returns>Taken; Superseded: the slot has something newer, or nothing; Refused: it is another page.</returns>
    public TakeOutcome TryMarkLocal(ulong slot, ulong generation, uint checksum)
    {
        RecordSlab slab = SlabOf(slot);
        lock (slab.Gate)
        {
            ref RecordedPage page = ref slab.At(slot);
            RecordMark mark = page.Mark;
            if (mark.Generation > generation || (mark.Generation == generation && !mark.IsStored))
            {
                return TakeOutcome.Superseded;
            }

            if (mark.Generation == generation && mark.Kind == RecordedKind.Stored && page.Checksum != checksum)
            {
                return TakeOutcome.Refused;
            }

            RecordMark local = new RecordMark(RecordedKind.Stored, generation).ToLocal();
            slab.Set(ref page, mark.IsBeingEmptied ? local.ToBeingEmptied() : local, checksum);
            return TakeOutcome.Taken;
        }
    }

    /// <summary>The server says that a slot holds a page: for a record that begins anew.</summary>
    public void Add(ulong slot, ulong generation, uint? checksum) => Settle(
        slot,
        new RecordMark(checksum is null ? RecordedKind.StoredUnchecked : RecordedKind.Stored, generation),
        checksum ?? 0);

    /// <summary>Judges the answer to a load.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="begun">What was settled when the load began.</param>
    /// <param name="outcome">What the server says, and what the page's own checksums say.</param>
    /// <param name="generation">The page's generation, if there is one; of a lost one: that it was handed out.</param>
    /// <param name="checksum">The page's checksum, if there is one.</param>
    public LoadOutcome Judge(ulong slot, RecordMark begun, LoadOutcome outcome, ulong generation, uint checksum)
    {
        switch (outcome)
        {
            case LoadOutcome.Loaded:
                return OfCache(JudgePage(slot, begun, generation, checksum));
            case LoadOutcome.Lost when generation > 0:
                return JudgeEvicted(slot, begun, generation, checksum);
            case LoadOutcome.NotFound or LoadOutcome.Lost:
                return OfCache(JudgeNoPage(slot, begun, outcome));
            case LoadOutcome.Fenced:
                Fenced();
                return outcome;
            default:
                return outcome;
        }
    }

    private LoadOutcome OfCache(LoadOutcome outcome) =>
        IsCache && outcome == LoadOutcome.Lost ? LoadOutcome.NotFound : outcome;

    private void Issue(ulong slot, ulong generation, bool empties)
    {
        RecordSlab slab = SlabOf(slot);
        lock (slab.Gate)
        {
            ref RecordedPage page = ref slab.At(slot);
            if (empties && page.Mark.Generation < generation)
            {
                // Also where a store is still to be settled, which takes the mark of this away.
                _emptied.Add(slot, slot, generation);
                page.Mark = page.Mark.ToBeingEmptied();
            }

            if ((int)((uint)generation - page.Issued) > 0 || page.Issued == 0)
            {
                page.Issued = (uint)generation;
            }
        }
    }

    private LoadOutcome JudgePage(ulong slot, RecordMark begun, ulong generation, uint checksum)
    {
        bool isOlder = generation < begun.Generation
            || (generation == begun.Generation && begun.Kind == RecordedKind.Empty);
        if (isOlder)
        {
            // What should be there is not; what is there should not be.
            return begun.IsStored ? LoadOutcome.Lost : LoadOutcome.NotFound;
        }

        bool dropsLocal = false;
        RecordSlab slab = SlabOf(slot);
        lock (slab.Gate)
        {
            ref RecordedPage page = ref slab.At(slot);
            if (page.Mark.Generation == generation && page.Mark.Kind == RecordedKind.Stored)
            {
                return page.Checksum == checksum ? LoadOutcome.Loaded : LoadOutcome.Corrupt;
            }

            if (page.Mark.Generation < generation
                || (page.Mark.Generation == generation && page.Mark.Kind == RecordedKind.StoredUnchecked))
            {
                dropsLocal = page.Mark.IsLocal;
                slab.Set(ref page, new RecordMark(RecordedKind.Stored, generation), checksum);
            }
        }

        if (dropsLocal)
        {
            Local?.Drop(slot, generation - 1);
        }

        return LoadOutcome.Loaded;
    }

    // What the server has handed out is judged as if it was here; that it is not, its reader will see.
    private LoadOutcome JudgeEvicted(ulong slot, RecordMark begun, ulong generation, uint checksum)
    {
        LoadOutcome judged = JudgePage(slot, begun, generation, checksum);
        return judged == LoadOutcome.Loaded ? LoadOutcome.Lost : judged;
    }

    private LoadOutcome JudgeNoPage(ulong slot, RecordMark begun, LoadOutcome outcome)
    {
        if (begun.Kind == RecordedKind.Unknown)
        {
            return outcome;
        }

        // If it was emptied meanwhile, or may have been, that is why; whatever was stored there since.
        RecordMark now = MarkOf(slot);
        bool mayBeEmptied = !now.IsStored || begun.IsBeingEmptied || now.IsBeingEmptied
            || _ranges.HasNewer(slot, now.Generation)
            || _emptied.HasNewer(slot, begun.Generation);
        if (begun.IsStored && !mayBeEmptied)
        {
            return LoadOutcome.Lost;
        }

        if (outcome == LoadOutcome.NotFound && begun.IsLocal)
        {
            // The server knew the page when the load began, and has emptied the slot since: it must not come back.
            Settle(slot, new RecordMark(RecordedKind.Empty, begun.Generation), checksum: 0);
        }

        return LoadOutcome.NotFound;
    }

    // A store that was refused, or taken back, after it had been seen stored: then nothing of it may stay.
    private void Settle(ulong slot, RecordMark mark, uint checksum)
    {
        bool dropsLocal = false;
        RecordSlab slab = SlabOf(slot);
        lock (slab.Gate)
        {
            ref RecordedPage page = ref slab.At(slot);
            bool isTakenBack = page.Mark.Generation == mark.Generation && page.Mark.IsStored && !mark.IsStored;
            if (page.Mark.Generation < mark.Generation || isTakenBack)
            {
                dropsLocal = page.Mark.IsLocal;
                if (page.Mark.IsStored && !mark.IsStored)
                {
                    _emptied.Add(slot, slot, mark.Generation);
                }

                slab.Set(ref page, mark, checksum);
            }
        }

        if (dropsLocal)
        {
            Local?.Drop(slot, mark.IsStored ? mark.Generation - 1 : mark.Generation);
        }
    }

    private RecordSlab SlabOf(ulong slot) =>
        _slabs.GetOrAdd((uint)(slot >> RecordSlab.Shift), static _ => new RecordSlab());
}
