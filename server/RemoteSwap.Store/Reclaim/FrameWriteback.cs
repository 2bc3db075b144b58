using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Writes frames of a shard to the writeback target and frees them, up to 32 at once.
/// <para>
/// (1) Locked: for each frame a place is reserved, the frame leaves the lists, its zpages are pinned, its header is
/// copied. (2) Unlocked: the frame is copied and sealed; Loads of its pages are answered from memory all the while.
/// (3) All images are written, neighbouring places in one write. (4) Locked: each zpage that is still the one it was is
/// pointed at its image and freed; pins end; the frame goes back, or rejoins the lists if anything of it is left.
/// </para>
/// <para>
/// The identity check of step 4 is by handle and generation, never by slot alone: meanwhile the slot may have been
/// invalidated and stored again (KERNEL B8).
/// </para>
/// </summary>
internal sealed class FrameWriteback
{
    /// <summary>Frames written together.</summary>
    public const int MaxFrames = 32;

    /// <summary>
    /// Frames that a step passes over at most because they were loaded since they were last passed: two for each that
    /// it takes, so that a step is bounded also where everything is in use.
    /// </summary>
    public const int MaxSecondChances = 2 * MaxFrames;

    private readonly IWritebackTarget _target;
    private readonly ReclaimTicket[] _tickets = new ReclaimTicket[MaxFrames];
    private readonly bool[] _idle = new bool[MaxFrames];
    private readonly SpillPlace[] _places = new SpillPlace[MaxFrames];
    private readonly List<FramePin> _pins = new(2 * MaxFrames);
    private readonly byte[] _frames = new byte[MaxFrames * FrameArena.FrameBytes];
    private readonly byte[] _headers = new byte[MaxFrames * FrameHeader.Bytes];
    private Shard _shard = null!;
    private ReclaimReason _reason;
    private int _count;
    private string _detail = "";

    public FrameWriteback(IWritebackTarget target) => _target = target;

    /// <summary>Runs one step. One at a time; its buffers are used again by the next.</summary>
    /// <param name="shard">Whose frames.</param>
    /// <param name="maxFrames">How many frames, at least 1; no more than <see cref="MaxFrames"/> are taken.</param>
    /// <param name="reason">Why; for the server's limit the frames are condemned already.</param>
    public async ValueTask<WritebackStep> RunAsync(Shard shard, int maxFrames, ReclaimReason reason)
    {
        _shard = shard;
        _reason = reason;
        _count = 0;
        _pins.Clear();
        _detail = "";
        bool placesLeft = Begin(Math.Min(maxFrames, MaxFrames));
        if (_count == 0)
        {
            return placesLeft ? WithoutFrames() : new WritebackStep(0, 0, 0, 1, "the writeback target is full");
        }

        // Whatever goes wrong from here on, the frames rejoin the lists and the pins end.
        bool written = false;
        WritebackStep step = default;
        try
        {
            Seal();
            written = await TryWriteAsync();
        }
        finally
        {
            step = Commit(written);
        }

        return step;
    }

    // (1)
    private bool Begin(int maxFrames)
    {
        int chances = MaxSecondChances;
        lock (_shard.Gate)
        {
            while (_count < maxFrames && !_shard.IsSealed)
            {
                int passed = _shard.Aging.PassLoaded(chances);
                chances -= passed;
                _shard.Counters.SecondChances += passed;
                if (!_target.TryReserve(out SpillPlace place))
                {
                    return false;
                }

                if (!_shard.Reclaimer.TryBegin(out ReclaimTicket ticket, _shard.SpillsHeadlessFirst))
                {
                    _target.DropUser(place);
                    return true;
                }

                Pin(ticket.First);
                Pin(ticket.Last);
                _shard.Reclaimer.CopyHeader(ticket, Header(_count));
                _tickets[_count] = ticket;
                _idle[_count] = _shard.Aging.IsIdle(ticket);
                _places[_count] = place;
                _count++;
            }
        }

        return true;
    }

    // (2)
    private void Seal()
    {
        for (int image = 0; image < _count; image++)
        {
            Span<byte> frame = _frames.AsSpan(image * FrameArena.FrameBytes, FrameArena.FrameBytes);
            _shard.Reclaimer.CopyFrame(_tickets[image], frame);
            FrameImage.Seal(frame, Header(image));
        }
    }

    // (3)
    private async ValueTask<bool> TryWriteAsync()
    {
        try
        {
            await _target.WriteAsync(
                _places.AsMemory(0, _count),
                _frames.AsMemory(0, _count * FrameArena.FrameBytes),
                _headers.AsMemory(0, _count * FrameHeader.Bytes));
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _detail = $"the writeback target failed: {failure.Message}";
            return false;
        }
    }

    // (4)
    private WritebackStep Commit(bool written)
    {
        int freed = 0;
        int pages = 0;
        lock (_shard.Gate)
        {
            if (_shard.IsSealed)
            {
                // What was written too late is not needed: the frames are being drained from memory, as they are.
                return new WritebackStep(_count, 0, 0, _count, "the server is shutting down");
            }

            int pin = 0;
            for (int image = 0; image < _count; image++)
            {
                ReclaimTicket ticket = _tickets[image];
                // Nobody is brought below its guarantee: the tenant may have emptied slots by itself meanwhile.
                bool claimed = _shard.Budget.TryClaim(_reason);
                if (written && claimed)
                {
                    pages += Commit(image, ticket.First, Buddy.First);
                    pages += Commit(image, ticket.Last, Buddy.Last);
                }

                for (int pins = ticket.Zpages; pins > 0; pins--)
                {
                    _shard.Pool.Unpin(_pins[pin++]);
                }

                bool isFree = _shard.Reclaimer.End(ticket);
                freed += isFree ? 1 : 0;
                _shard.Counters.IdleFramesReclaimed += isFree && _idle[image] ? 1 : 0;
                _target.DropUser(_places[image]);
                _shard.Budget.EndFrame(_reason, claimed);
            }

            _shard.Counters.AddReclaimed(_reason, freed, pages);
            _shard.Counters.ReclaimFail += _count - freed;
        }

        _pins.Clear();
        return new WritebackStep(_count, freed, pages, _count - freed, _detail);
    }

    private int Commit(int image, ZbudHandle handle, Buddy buddy) => _shard.Spilled.Commit(
        handle,
        buddy,
        _places[image],
        OwnerRecord.Read(FrameHeader.Record(Header(image), buddy)),
        FrameHeader.Of(Header(image)).ImageChecksum);

    // Another reclaim may have the frames that are left.
    private WritebackStep WithoutFrames()
    {
        lock (_shard.Gate)
        {
            return _shard.Pool.Statistics.UnderReclaim == 0
                ? default
                : new WritebackStep(0, 0, 0, 1, "another reclaim is writing the frames that are left");
        }
    }

    private void Pin(ZbudHandle handle)
    {
        if (!handle.IsNone)
        {
            _pins.Add(_shard.Pool.Pin(handle));
        }
    }

    private Span<byte> Header(int image) => _headers.AsSpan(image * FrameHeader.Bytes, FrameHeader.Bytes);
}
