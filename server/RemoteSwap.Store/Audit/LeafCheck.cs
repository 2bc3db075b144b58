using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Compares the pages of one leaf (256 slots) with their checksums: zpages in memory, and the frame images of spilled
/// pages if it is given their target. Begin, compare, end; then the next leaf.
/// <para>
/// Trade-off: all pages of the leaf are held in one hold of the lock, so that a page that is spilled meanwhile is
/// neither left out nor looked at twice. Zpages do not move until they were compared, images keep their places until
/// each was read: a slow disk holds no frame.
/// </para>
/// <para>
/// Locks: <see cref="Begin"/> and <see cref="End"/> take the shard's, comparing and reading need none: a pin holds a
/// zpage's bytes, a user an image's place. One leaf at a time, one caller at a time.
/// </para>
/// </summary>
/// <param name="target">Where spilled pages are; null: they are left out.</param>
internal sealed class LeafCheck(IWritebackTarget? target)
{
    private readonly List<Held> _zpages = [];
    private readonly List<(Slot Slot, SwapEntry Entry)> _images = [];
    private readonly byte[] _image = new byte[FrameImage.Bytes];
    private Tenant? _tenant;
    private Shard? _shard;
    private AreaId _area;

    /// <summary>The slots of the leaf whose page was found corrupt.</summary>
    public List<Slot> Corrupt { get; } = [];

    /// <summary>Pages of the leaf that were compared.</summary>
    public int Pages { get; private set; }

    /// <summary>Bytes that were read for them: zpages, and whole images.</summary>
    public long Bytes { get; private set; }

    /// <summary>Holds the pages of a leaf; <see cref="End"/> must follow, also if this fails.</summary>
    public void Begin(Tenant tenant, Shard shard, AreaId area, Slot first)
    {
        (_tenant, _shard, _area) = (tenant, shard, area);
        Corrupt.Clear();
        Pages = 0;
        Bytes = 0;
        lock (shard.Gate)
        {
            for (ulong number = first.Value; number < first.Value + SlabLeaves.LeafEntries; number++)
            {
                Slot slot = new(number);
                SwapEntry entry = shard.Index[area, slot];
                if (entry.Kind == EntryKind.Zpage)
                {
                    OwnerRecord record = OwnerRecord.Read(shard.Pool.OwnerRecord(entry.Handle));
                    ZpageTail tail = ZpageTail.Copy(shard.Pool.Spare(entry.Handle), record.Length);
                    _zpages.Add(new Held(slot, shard.Pool.Pin(entry.Handle), record, tail, entry));
                }
                else if (entry.Kind == EntryKind.Spilled && target is not null)
                {
                    target.AddUser(entry.Place);
                    _images.Add((slot, entry));
                }
            }
        }
    }

    /// <summary>Compares the leaf's zpages in memory and lets go of them.</summary>
    public void CompareZpages()
    {
        foreach (Held page in _zpages)
        {
            SwapEntry entry = page.Entry;
            ZpageTail tail = page.Tail;
            bool whole = page.Record.Matches(_area, page.Slot, in entry)
                && ZpageTail.ChecksumOf(_shard!.Pool.Map(page.Pin), tail, page.Record.Length)
                    == page.Record.ZpageChecksum;
            Count(page.Slot, whole, entry.Length);
        }

        UnpinZpages();
    }

    /// <summary>
    /// Reads and compares the images of the leaf's spilled pages, and lets go of each. One that can not be read is left
    /// out: it may be readable the next time, and a Load says that it is not.
    /// </summary>
    public async ValueTask CompareImagesAsync(CancellationToken cancellation)
    {
        while (_images.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            (Slot slot, SwapEntry entry) = _images[^1];
            try
            {
                await CompareImageAsync(slot, entry);
            }
            catch (IOException)
            {
                Bytes += FrameArena.FrameBytes;
            }
            finally
            {
                DropLastImage();
            }
        }
    }

    /// <summary>Lets go of whatever is held still.</summary>
    public void End()
    {
        while (_images.Count > 0)
        {
            DropLastImage();
        }

        UnpinZpages();
    }

    private async ValueTask CompareImageAsync(Slot slot, SwapEntry entry)
    {
        Memory<byte> frame = _image.AsMemory(0, FrameArena.FrameBytes);
        Memory<byte> header = _image.AsMemory(FrameArena.FrameBytes);
        await FrameImage.ReadAsync(target!, entry.Place, entry.IsHeadless, _image);
        bool whole = FrameImage.TryProve(
            frame.Span, header.Span, _tenant!.Number, _area, slot, in entry, out _, out _);
        Count(slot, whole, FrameArena.FrameBytes);
    }

    // Out of the list first: what fails here must not be let go of again with another shard's pages.
    private void DropLastImage()
    {
        SpillPlace place = _images[^1].Entry.Place;
        _images.RemoveAt(_images.Count - 1);
        target!.DropUser(place);
    }

    private void UnpinZpages()
    {
        try
        {
            lock (_shard!.Gate)
            {
                _zpages.ForEach(page => _shard.Pool.Unpin(page.Pin));
            }
        }
        finally
        {
            _zpages.Clear();
        }
    }

    private void Count(Slot slot, bool whole, int bytes)
    {
        Pages++;
        Bytes += bytes;
        if (!whole)
        {
            Corrupt.Add(slot);
        }
    }

    private readonly record struct Held(
        Slot Slot, FramePin Pin, OwnerRecord Record, ZpageTail Tail, SwapEntry Entry);
}
