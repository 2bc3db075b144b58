using System.Diagnostics.CodeAnalysis;
using RemoteSwap.Client.Records;
using RemoteSwap.Client.Sealing;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Evictions;

/// <summary>
/// The pages of an area that are in its eviction file: which slot's page lies where, and what has to be true of it. A
/// slot has a page here only if the record says so (<see cref="RecordMark.IsLocal"/>) at that very generation.
/// <para>
/// A page comes: (1) its bytes are written; (2) under the lock the record is asked whether nothing newer is settled,
/// and says from then on that it is here; (3) its header is written; (4) it is acknowledged. A page goes: whatever
/// settles something newer of the slot in the record, or that it is empty, takes its header away before the caller
/// learns of it. Both write their header under the lock, so that of the two the later one stays: an older page never
/// comes back from the file, not even when the process is killed between any two steps.
/// </para>
/// <para>
/// What it is not: an authority on who owns the area. Each load has asked the server first; this is where the page is
/// that the server says it has handed out, or has lost.
/// </para>
/// <para>
/// Lock: its own; the record's are taken inside it, never the other way round. A header of 64 bytes is written inside
/// it, into the system's memory of the file; pages are read and written outside.
/// </para>
/// </summary>
[SuppressMessage("Reliability", "CA2213", Justification = "The file is disposed by Close and Delete.")]
internal sealed class LocalPages(EvictionFile file, uint area, PageRecord record, AreaSealer? seal = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, LocalImage> _images = [];

    /// <summary>The area.</summary>
    public uint Area => area;

    /// <summary>What opens them; null: they are not sealed.</summary>
    public AreaSealer? Seal => seal;

    /// <summary>What was stored.</summary>
    public PageRecord Record => record;

    /// <summary>Pages that are here.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _images.Count;
            }
        }
    }

    /// <summary>Places that are free.</summary>
    public long FreePlaces => file.FreePlaces;

    /// <summary>The newest generation of a page that is here.</summary>
    public ulong NewestGeneration { get; private set; }

    /// <summary>Finds what a former life has left; <see cref="Confirm"/> and <see cref="EndRecovery"/>
    /// follow.</summary>
    public void BeginRecovery()
    {
        foreach ((uint place, ImageHeader header) in file.Scan())
        {
            // A page is written anew before its older one is taken out, so there may be two.
            bool isOlder = _images.TryGetValue(header.Slot, out LocalImage other)
                && other.Generation >= header.Generation;
            if (header.Area != area || isOlder)
            {
                Discard(place);
                continue;
            }

            if (_images.ContainsKey(header.Slot))
            {
                Discard(other.Place);
            }

            _images[header.Slot] = new LocalImage(place, header.Generation, header.PageChecksum);
            NewestGeneration = Math.Max(NewestGeneration, header.Generation);
        }
    }

    /// <summary>The server says what it knows of a slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="generation">The generation of its page.</param>
    /// <param name="checksum">The page's checksum; null: not known.</param>
    /// <param name="isEvicted">Whether it has handed the page out; else it has the page itself.</param>
    public void Confirm(ulong slot, ulong generation, uint? checksum, bool isEvicted)
    {
        lock (_gate)
        {
            // A server that has lost its memory may have found an older page again; that is for the end to decide.
            if (_images.TryGetValue(slot, out LocalImage image)
                && image.Generation <= generation
                && !(isEvicted && image.Generation == generation && image.PageChecksum == checksum
                    && record.TryMarkLocal(slot, generation, image.PageChecksum) == TakeOutcome.Taken))
            {
                Forget(slot, image);
            }
        }
    }

    /// <summary>The server has said all that it knows.</summary>
    /// <param name="isTrusted">
    /// Whether pages of which it knows nothing are right: the session has gone on without a gap, and the server may
    /// have lost its memory.
    /// </param>
    public void EndRecovery(bool isTrusted)
    {
        lock (_gate)
        {
            foreach ((ulong slot, LocalImage image) in _images.ToArray())
            {
                if (!record.MarkOf(slot).IsLocal
                    && !(isTrusted
                        && record.TryMarkLocal(slot, image.Generation, image.PageChecksum) == TakeOutcome.Taken))
                {
                    Forget(slot, image);
                }
            }
        }
    }

    /// <summary>Takes a page.</summary>
    /// <param name="header">What it is.</param>
    /// <param name="zpage">Its zpage.</param>
    /// <param name="ct">Ends the wait; the page is not taken then.</param>
    public async ValueTask<TakeOutcome> TakeAsync(ImageHeader header, ReadOnlyMemory<byte> zpage, CancellationToken ct)
    {
        bool isLengthKnown = !header.IsLong
            || header is { Encoding: ZpageEncoding.Sealed, Length: ZpageLimits.MaxBytes };
        if (!isLengthKnown || PageChecksum.OfZpage(zpage.Span) != header.ZpageChecksum)
        {
            return TakeOutcome.Refused;
        }

        if (TryFind(header.Slot, out LocalImage image) && image.Generation == header.Generation)
        {
            // It came before, and the server did not get the answer.
            return image.PageChecksum == header.PageChecksum ? TakeOutcome.Taken : TakeOutcome.Refused;
        }

        if (!file.TryReserve(out uint place))
        {
            return TakeOutcome.Refused;
        }

        // (1)
        TakeOutcome outcome = TakeOutcome.Refused;
        try
        {
            await file.WriteAsync(place, zpage, ct).ConfigureAwait(false);
            outcome = Publish(place, header, zpage.Span);
        }
        catch (IOException)
        {
            // The disk is full, or worse. The server keeps the page.
        }
        finally
        {
            if (outcome != TakeOutcome.Taken)
            {
                file.Free(place);
            }
        }

        return outcome;
    }

    /// <summary>
    /// Drops the page of a slot up to a generation. Returns when it can not come back, even after a crash.
    /// </summary>
    public void Drop(ulong slot, ulong generation)
    {
        lock (_gate)
        {
            if (_images.TryGetValue(slot, out LocalImage image) && image.Generation <= generation)
            {
                Forget(slot, image);
            }
        }
    }

    /// <summary>Drops the pages of a run of slots up to a generation, likewise.</summary>
    public void DropRange(ulong first, ulong last, ulong generation)
    {
        lock (_gate)
        {
            if (last - first < (ulong)_images.Count)
            {
                for (ulong slot = first; ; slot++)
                {
                    Drop(slot, generation);
                    if (slot == last)
                    {
                        return;
                    }
                }
            }

            foreach ((ulong slot, LocalImage image) in _images)
            {
                if (slot >= first && slot <= last && image.Generation <= generation)
                {
                    Forget(slot, image);
                }
            }
        }
    }

    /// <summary>Reads a zpage and proves it.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="room">Room for <see cref="EvictionFile.ReadBytes"/>; the zpage lies behind the header.</param>
    public async ValueTask<LocalRead> ReadAsync(ulong slot, Memory<byte> room)
    {
        if (!TryFind(slot, out LocalImage image))
        {
            return new LocalRead(LoadOutcome.Lost, default);
        }

        LoadOutcome outcome = LoadOutcome.Corrupt;
        ImageHeader header = default;
        try
        {
            await file.ReadAsync(image.Place, room).ConfigureAwait(false);
            bool isWhole = ImageHeader.TryRead(room.Span, out header)
                && header.Area == area && header.Slot == slot
                && header.Generation == image.Generation && header.PageChecksum == image.PageChecksum
                && PageChecksum.OfZpage(room.Span.Slice(ImageHeader.Bytes, header.Length)) == header.ZpageChecksum;
            outcome = isWhole ? LoadOutcome.Loaded : LoadOutcome.Corrupt;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            outcome = LoadOutcome.IoError;
        }

        // Its place may have been given to another page while it was read.
        return TryFind(slot, out LocalImage now) && now == image
            ? new LocalRead(outcome, header)
            : new LocalRead(LoadOutcome.Lost, default);
    }

    /// <summary>Says whose session's pages these are.</summary>
    /// <param name="token">The session's token.</param>
    /// <param name="epoch">The epoch that it has from now on.</param>
    public void SetSession(ReadOnlySpan<byte> token, ulong epoch) => file.SetSession(token, epoch);

    /// <summary>Closes the file; its pages stay for another life.</summary>
    public void Close() => file.Dispose();

    /// <summary>Deletes the file and closes it.</summary>
    public void Delete()
    {
        file.Delete();
        file.Dispose();
    }

    // (2), (3)
    private TakeOutcome Publish(uint place, in ImageHeader header, ReadOnlySpan<byte> zpage)
    {
        lock (_gate)
        {
            TakeOutcome outcome = record.TryMarkLocal(header.Slot, header.Generation, header.PageChecksum);
            if (outcome != TakeOutcome.Taken)
            {
                return outcome;
            }

            if (_images.TryGetValue(header.Slot, out LocalImage older))
            {
                Forget(header.Slot, older);
            }

            PublishOrRemove(place, in header, zpage);
            _images[header.Slot] = new LocalImage(place, header.Generation, header.PageChecksum);
            return TakeOutcome.Taken;
        }
    }

    private void PublishOrRemove(uint place, in ImageHeader header, ReadOnlySpan<byte> zpage)
    {
        bool isWritten = false;
        try
        {
            file.Publish(place, in header, zpage);
            isWritten = true;
        }
        finally
        {
            if (!isWritten)
            {
                file.Remove(place);
            }
        }
    }

    private bool TryFind(ulong slot, out LocalImage image)
    {
        lock (_gate)
        {
            RecordMark mark = record.MarkOf(slot);
            return _images.TryGetValue(slot, out image) && mark.IsLocal && mark.Generation == image.Generation;
        }
    }

    private void Forget(ulong slot, LocalImage image)
    {
        _images.Remove(slot);
        Discard(image.Place);
    }

    private void Discard(uint place)
    {
        file.Remove(place);
        file.Free(place);
    }
}
