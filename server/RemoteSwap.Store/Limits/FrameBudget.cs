using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// A tenant's frames up to its limit, charged before they are taken, so that usage never exceeds the limit by more than
/// was there when a limit was lowered. Everything that grows with the number of pages is charged here: frames of
/// zpages, index leaves, handles. Frames up to the guarantee are the tenant's own; each one beyond is charged to the
/// server too.
/// <code>
/// _state  bits 0-31 frames used   bits 32-62 frames guaranteed
/// </code>
/// <para>
/// Both stand in one word, so that whoever takes or gives back a frame knows for sure on which side of the guarantee it
/// was, also while the guarantee changes.
/// </para>
/// <para>
/// Reclaim for the server's sake takes frames beyond the guarantee only. It condemns them first, so that several
/// reclaims at once do not take the same excess twice, and asks again for each when it commits: the tenant may have
/// emptied slots by itself meanwhile, and then what is left stays. With a frame of zpages may go frames of the index,
/// so those are claimed too for that moment, and usage never falls below the guarantee by reclaim, not by one frame.
/// </para>
/// <para>Thread-safe; no lock.</para>
/// </summary>
internal sealed class FrameBudget : IFrameSource
{
    /// <summary>The most frames that one store takes: slab, leaf, handles, header, and the frame itself.</summary>
    private const int FramesPerStore = 5;

    /// <summary>
    /// The most frames of the index that go with one frame of two zpages: handles, leaves and slabs of both.
    /// </summary>
    public const int MaxSideFrames = 6;

    private const int GuaranteeShift = 32;
    private const long UsedMask = (1L << GuaranteeShift) - 1;

    private readonly IFrameSource _source;
    private readonly LimitGate _gate;
    private readonly ServerBudget _server;
    private long _state;
    private long _condemned;

    /// <summary>Creates a budget and reserves its guarantee.</summary>
    /// <param name="source">Where frames come from.</param>
    /// <param name="gate">The tenant's limit.</param>
    /// <param name="server">The server's frames.</param>
    /// <param name="guaranteeFrames">Frames that are the tenant's own, 0 to its limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">More is guaranteed than the server has.</exception>
    public FrameBudget(IFrameSource source, LimitGate gate, ServerBudget server, long guaranteeFrames = 0)
    {
        _source = source;
        _gate = gate;
        _server = server;
        if (!TrySetGuarantee(guaranteeFrames))
        {
            throw new ArgumentOutOfRangeException(
                nameof(guaranteeFrames), guaranteeFrames, "more is guaranteed than the server has");
        }
    }

    /// <summary>The limit's hysteresis; what is reserved in it is the guarantee.</summary>
    public LimitGate Gate => _gate;

    /// <summary>Frames taken and not returned.</summary>
    public long UsedFrames => Used(Volatile.Read(ref _state));

    /// <summary>Frames that nobody else can take.</summary>
    public long GuaranteedFrames => Guarantee(Volatile.Read(ref _state));

    /// <summary>Usage in thousandths of the limit, 0 to 1000.</summary>
    public int UsagePermille => (int)Math.Min(1000, UsedFrames * 1000 / _gate.LimitFrames);

    /// <summary>Whether the next frame is one that the guarantee covers.</summary>
    public bool IsWithinGuarantee
    {
        get
        {
            long state = Volatile.Read(ref _state);
            return Used(state) < Guarantee(state);
        }
    }

    /// <summary>Whether there is work for the shrinker: near the tenant's own limit.</summary>
    public bool NeedsShrinking => _gate.IsNear(UsedFrames);

    /// <summary>Tells whether new pages are to be refused now.</summary>
    public bool IsClosed() => _gate.IsClosed(UsedFrames);

    /// <summary>
    /// Which limit stood in the way of a store that could not get its frames, and notes that it was hit. A store that
    /// gives up has given back what it took first, so a limit within reach of one store is the one that was hit.
    /// </summary>
    public BudgetRefusal WhyRefused()
    {
        if (UsedFrames > _gate.LimitFrames - FramesPerStore)
        {
            _gate.Hit();
            return BudgetRefusal.TenantLimit;
        }

        if (_server.IsWithinReach(FramesPerStore))
        {
            _server.Gate.Hit();
            return BudgetRefusal.ServerLimit;
        }

        return BudgetRefusal.None;
    }

    /// <inheritdoc/>
    public bool TryTake(out FrameNumber frame)
    {
        if (TryCharge())
        {
            if (_source.TryTake(out frame))
            {
                return true;
            }

            Uncharge();
        }

        frame = FrameNumber.None;
        return false;
    }

    /// <inheritdoc/>
    public void Return(FrameNumber frame)
    {
        _source.Return(frame);
        Uncharge();
    }

    /// <summary>Changes the guarantee. Pages stay; no other tenant's guarantee is touched.</summary>
    /// <param name="frames">The new guarantee, 0 or more.</param>
    /// <returns>Whether the server has so many that are neither used nor guaranteed to others.</returns>
    public bool TrySetGuarantee(long frames)
    {
        long state = Volatile.Read(ref _state);
        while (true)
        {
            long used = Used(state);
            long more = Math.Max(frames, used) - Math.Max(Guarantee(state), used);
            if (more > 0 && !_server.TryCharge(more))
            {
                return false;
            }

            long before = Interlocked.CompareExchange(ref _state, (frames << GuaranteeShift) | used, state);
            if (before == state)
            {
                // What is not needed any more goes when the change is seen, as everything that is uncharged.
                _server.Uncharge(Math.Max(0, -more));
                _server.Gate.Reserve(frames - Guarantee(state));
                _gate.Reserve(frames - Guarantee(state));
                return true;
            }

            _server.Uncharge(Math.Max(0, more));
            state = before;
        }
    }

    /// <summary>Condemns frames beyond the guarantee, for a reclaim that the server needs.</summary>
    /// <param name="frames">How many are wanted.</param>
    /// <returns>How many may be taken, each after <see cref="TryClaim()"/>, until <see cref="EndCondemned"/>.</returns>
    public int Condemn(int frames)
    {
        Interlocked.Add(ref _condemned, frames);
        int granted = (int)Math.Clamp(frames + Excess() - MaxSideFrames, 0, frames);
        EndCondemned(frames - granted);
        return granted;
    }

    /// <summary>
    /// Asks whether a frame that was condemned may still be taken. If so, the frames that may go with it are claimed
    /// until <see cref="EndClaim"/>.
    /// </summary>
    public bool TryClaim()
    {
        Interlocked.Add(ref _condemned, MaxSideFrames);
        if (Excess() >= 0)
        {
            return true;
        }

        EndClaim();
        return false;
    }

    /// <summary>
    /// Asks whether a frame may be taken, for whatever reason: only the server's limit may not take what is guaranteed.
    /// </summary>
    /// <returns>Whether it may; <see cref="EndFrame"/> ends the claim in any case.</returns>
    public bool TryClaim(ReclaimReason reason) => reason != ReclaimReason.ServerLimit || TryClaim();

    /// <summary>Ends the reclaim of one frame, taken or not: its part of what was condemned, and its claim.</summary>
    /// <param name="reason">Why it was reclaimed.</param>
    /// <param name="claimed">What <see cref="TryClaim(ReclaimReason)"/> said.</param>
    public void EndFrame(ReclaimReason reason, bool claimed)
    {
        if (reason == ReclaimReason.ServerLimit)
        {
            EndCondemned(claimed ? 1 + MaxSideFrames : 1);
        }
    }

    /// <summary>Ends what <see cref="TryClaim()"/> claimed.</summary>
    public void EndClaim() => EndCondemned(MaxSideFrames);

    /// <summary>Ends what <see cref="Condemn"/> granted: taken or not.</summary>
    public void EndCondemned(int frames) => Interlocked.Add(ref _condemned, -frames);

    private static long Used(long state) => state & UsedMask;

    private static long Guarantee(long state) => state >> GuaranteeShift;

    // Negative when the tenant gave up frames by itself that were condemned.
    private long Excess()
    {
        long state = Volatile.Read(ref _state);
        return Used(state) - Guarantee(state) - Volatile.Read(ref _condemned);
    }

    private bool TryCharge()
    {
        long state = Volatile.Read(ref _state);
        while (Used(state) < _gate.LimitFrames)
        {
            bool beyond = Used(state) >= Guarantee(state);
            if (beyond && !_server.TryCharge(1))
            {
                return false;
            }

            long before = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (before == state)
            {
                return true;
            }

            _server.Uncharge(beyond ? 1 : 0);
            state = before;
        }

        return false;
    }

    private void Uncharge()
    {
        long before = Interlocked.Decrement(ref _state) + 1;
        if (Used(before) > Guarantee(before))
        {
            _server.Uncharge(1);
        }
    }
}
