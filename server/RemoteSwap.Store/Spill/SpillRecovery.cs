using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Brings back, before a server serves, the pages that its earlier life left in the writeback target.
/// <para>
/// For each place that the live book has a mark for: (1) the place is reserved, (2) the image is read, (3) it is
/// proven: its checksum is the noted one, its tenant, area and slot exist here, each zpage agrees with its owner record
/// and its checksum; (4) each current zpage is published as its slot's spilled page; (5) marks of whatever was not
/// published go, before the place can be used again. All other slots of the area are lost from then on, not empty,
/// unless the earlier life ended with a drain and everything of it is back.
/// </para>
/// <para>
/// What it is not: a choice between two. One slot has one current image at any moment at which a server can be killed,
/// so two of them mean that the book is wrong, and neither is believed.
/// </para>
/// <para>Runs once, before anything else uses the store; takes the shards' locks all the same.</para>
/// </summary>
internal sealed class SpillRecovery
{
    private const int ReadsAtOnce = 32;

    private readonly IWritebackTarget _target;
    private readonly ILiveBook _book;
    private readonly Dictionary<uint, Tenant> _tenants;
    private readonly bool _isWhole;
    private readonly bool _keepsCrowded;
    private bool _isCutOff;
    private readonly HashSet<(uint Tenant, AreaId Area, Slot Slot)> _doubtful = [];
    private readonly long[] _pages = new long[Enum.GetValues<RestoreOutcome>().Length];
    private readonly byte[][] _images = new byte[ReadsAtOnce][];
    private readonly List<SpillPlace> _batch = new(ReadsAtOnce);
    private readonly List<Task> _reads = new(ReadsAtOnce);
    private readonly bool[] _areRead = new bool[ReadsAtOnce];

    /// <summary>Prepares a recovery.</summary>
    /// <param name="store">The store.</param>
    /// <param name="target">Where the images are.</param>
    /// <param name="book">Which of them are current.</param>
    /// <param name="isWhole">Whether slots without an image are empty, and not lost.</param>
    /// <param name="keepsCrowded">Whether pages without room stay noted, since the store is given up then.</param>
    public SpillRecovery(
        PageStore store, IWritebackTarget target, ILiveBook book, bool isWhole, bool keepsCrowded)
    {
        _keepsCrowded = keepsCrowded;
        _target = target;
        _book = book;
        _isWhole = isWhole;
        _tenants = store.Tenants.Where(tenant => book.IsTrusted(tenant.Number)).ToDictionary(tenant => tenant.Number);
        for (int read = 0; read < ReadsAtOnce; read++)
        {
            _images[read] = new byte[FrameImage.Bytes];
        }
    }

    /// <summary>Does it.</summary>
    /// <param name="cancellation">Gives up; the store must not be used then.</param>
    public async Task<RestoredPages> RunAsync(CancellationToken cancellation)
    {
        for (uint number = 0; number < _book.Places; number++)
        {
            SpillPlace place = new(number);
            LiveMark mark = _book[place];
            if (mark.IsNone)
            {
                continue;
            }

            // (1)
            if (!_target.TryReserve(place))
            {
                Drop(place, mark, RestoreOutcome.Foreign);
                _isCutOff = true;
                continue;
            }

            _batch.Add(place);
            if (_batch.Count == ReadsAtOnce)
            {
                cancellation.ThrowIfCancellationRequested();
                await TakeBatchAsync();
            }
        }

        await TakeBatchAsync();
        RestoredPages pages = new(
            _pages[(int)RestoreOutcome.Kept],
            _pages[(int)RestoreOutcome.Damaged],
            _pages[(int)RestoreOutcome.Unreadable],
            _pages[(int)RestoreOutcome.Foreign],
            _pages[(int)RestoreOutcome.Doubtful],
            _pages[(int)RestoreOutcome.Crowded]);
        EndAreas(isLost: pages.Dropped > pages.Foreign || _isCutOff);
        return pages;
    }

    // Of pages that were lost it is not known whose they were.
    private void EndAreas(bool isLost)
    {
        foreach (Tenant tenant in _tenants.Values)
        {
            foreach ((_, AreaState state) in tenant.Areas.All())
            {
                state.HasLostPages |= isLost;
                state.IsBeingEmptied = false;
            }
        }
    }

    private async Task TakeBatchAsync()
    {
        // (2)
        for (int read = 0; read < _batch.Count; read++)
        {
            _reads.Add(ReadAsync(read));
        }

        await Task.WhenAll(_reads);
        for (int read = 0; read < _batch.Count; read++)
        {
            LiveMark mark = _book[_batch[read]];
            if (_areRead[read])
            {
                Take(_batch[read], mark, _images[read]);
            }
            else
            {
                Drop(_batch[read], mark, RestoreOutcome.Unreadable);
            }

            _target.DropUser(_batch[read]);
        }

        _reads.Clear();
        _batch.Clear();
    }

    private async Task ReadAsync(int read)
    {
        SpillPlace place = _batch[read];
        try
        {
            await FrameImage.ReadAsync(_target, place, _book[place].IsHeadless, _images[read]);
            _areRead[read] = true;
        }
        catch (IOException)
        {
            _areRead[read] = false;
        }
    }

    private void Take(SpillPlace place, LiveMark mark, Span<byte> image)
    {
        foreach (Buddy buddy in (ReadOnlySpan<Buddy>)[Buddy.First, Buddy.Last])
        {
            if (mark.Has(buddy))
            {
                RestoreOutcome outcome = Take(place, mark, buddy, image);
                _pages[(int)outcome]++;
                if (outcome != RestoreOutcome.Kept && !(_keepsCrowded && outcome == RestoreOutcome.Crowded))
                {
                    // (5)
                    _book.Clear(place, buddy);
                }
            }
        }
    }

    private RestoreOutcome Take(SpillPlace place, LiveMark mark, Buddy buddy, Span<byte> image)
    {
        // (3)
        Span<byte> header = stackalloc byte[FrameHeader.Bytes];
        image[FrameArena.FrameBytes..].CopyTo(header);
        uint owner = FrameHeader.Of(header).Owner;
        Span<byte> frame = image[..FrameArena.FrameBytes];
        if (FrameHeader.Of(header).ImageChecksum != mark.ImageChecksum
            || (FrameHeader.KindOf(header) == FrameKind.Headless) != mark.IsHeadless
            || !FrameImage.TryFind(frame, header, buddy, owner, out OwnerRecord record, out Range zpage)
            || !record.IsSound
            || !FrameImage.HasZpage(frame, header, in record, zpage))
        {
            return RestoreOutcome.Damaged;
        }

        if (!_tenants.TryGetValue(owner, out Tenant? tenant)
            || record.Area.Value >= (uint)tenant.Options.Areas
            || record.Slot.Value >= (ulong)tenant.Options.AreaSlots)
        {
            return RestoreOutcome.Foreign;
        }

        // (4)
        AreaState state = tenant.Areas[record.Area];
        if (state.IsBeingEmptied)
        {
            // Its former owner's, who is gone.
            return RestoreOutcome.Foreign;
        }

        state.HasLostPages |= !_isWhole;
        state.Saw(record.Generation.Value);
        if (_doubtful.Contains((owner, record.Area, record.Slot)))
        {
            return RestoreOutcome.Doubtful;
        }

        RestoreOutcome outcome = tenant.ShardOf(record.Area, record.Slot).Spilled.Restore(
            in record, place, buddy);
        if (outcome == RestoreOutcome.Doubtful)
        {
            // The other one, which was there, is gone too.
            _doubtful.Add((owner, record.Area, record.Slot));
            _pages[(int)RestoreOutcome.Kept]--;
            _pages[(int)RestoreOutcome.Doubtful]++;
        }

        return outcome;
    }

    private void Drop(SpillPlace place, LiveMark mark, RestoreOutcome why)
    {
        foreach (Buddy buddy in (ReadOnlySpan<Buddy>)[Buddy.First, Buddy.Last])
        {
            _pages[(int)why] += mark.Has(buddy) ? 1 : 0;
            _book.Clear(place, buddy);
        }
    }
}
