namespace RemoteSwap.Client.Records;

/// <summary>
/// The record of 16,384 slots: 64 leaves of 256, each there once one of its slots was stored. Of a leaf that is not
/// there all slots have the same mark.
/// <para>Guarded by <see cref="Gate"/>.</para>
/// </summary>
internal sealed class RecordSlab
{
    public const int Shift = 14;
    private const int LeafShift = 8;
    private const int LeafSlots = 1 << LeafShift;
    private const int Leaves = 1 << (Shift - LeafShift);
    private const ulong SlotMask = (1UL << Shift) - 1;

    private readonly RecordedPage[]?[] _leaves = new RecordedPage[]?[Leaves];
    private readonly RecordMark[] _marks = new RecordMark[Leaves];

    /// <summary>Guards the slab. Nothing is called inside.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Slots that hold a page.</summary>
    public int StoredPages { get; private set; }

    /// <summary>What is settled of a slot.</summary>
    public RecordMark MarkOf(ulong slot)
    {
        int leaf = LeafOf(slot);
        return _leaves[leaf] is { } pages ? pages[slot & (LeafSlots - 1)].Mark : _marks[leaf];
    }

    /// <summary>A slot's place.</summary>
    public ref RecordedPage At(ulong slot)
    {
        int leaf = LeafOf(slot);
        RecordedPage[] pages = _leaves[leaf] ??= Create(_marks[leaf]);
        return ref pages[slot & (LeafSlots - 1)];
    }

    /// <summary>Settles a slot.</summary>
    /// <param name="page">Its place.</param>
    /// <param name="mark">What is settled.</param>
    /// <param name="checksum">The page's checksum; 0: there is none.</param>
    public void Set(ref RecordedPage page, RecordMark mark, uint checksum)
    {
        StoredPages += (mark.IsStored ? 1 : 0) - (page.Mark.IsStored ? 1 : 0);
        page.Mark = mark;
        page.Checksum = checksum;
    }

    /// <summary>Settles that a run of slots of this slab is empty.</summary>
    public void Empty(ulong first, ulong last, ulong generation)
    {
        for (ulong slot = first; slot <= last;)
        {
            ulong end = Math.Min(last, slot | (LeafSlots - 1));
            int leaf = LeafOf(slot);
            if (_leaves[leaf] is null)
            {
                // Nothing was ever stored there, or all of it was emptied; a part of it may be taken for the whole.
                if (end - slot == LeafSlots - 1)
                {
                    _marks[leaf] = new RecordMark(RecordedKind.Empty, Math.Max(generation, _marks[leaf].Generation));
                }
            }
            else if (EmptyLeaf(slot, end, generation) && end - slot == LeafSlots - 1)
            {
                _leaves[leaf] = null;
                _marks[leaf] = new RecordMark(RecordedKind.Empty, generation);
            }

            slot = end + 1;
        }
    }

    private static int LeafOf(ulong slot) => (int)((slot & SlotMask) >> LeafShift);

    private static RecordedPage[] Create(RecordMark mark)
    {
        RecordedPage[] pages = new RecordedPage[LeafSlots];
        Array.Fill(pages, new RecordedPage { Mark = mark });
        return pages;
    }

    // Whether nothing newer was settled, or is under way.
    private bool EmptyLeaf(ulong first, ulong last, ulong generation)
    {
        bool isAll = true;
        for (ulong slot = first; slot <= last; slot++)
        {
            ref RecordedPage page = ref At(slot);
            if (page.Mark.Generation < generation)
            {
                Set(ref page, new RecordMark(RecordedKind.Empty, generation), checksum: 0);
            }
            else
            {
                isAll = false;
            }

            isAll &= (int)(page.Issued - (uint)generation) <= 0;
        }

        return isAll;
    }
}
