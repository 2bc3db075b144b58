namespace RemoteSwap.Pool;

/// <summary>
/// Walks everything a pool has and lists every violation of the invariants I1 to I11 (KERNEL 1.6) that can be seen from
/// one state, and of the agreement between handles and frames (R2). I8, I9, I10 and I12 speak of two states or of
/// bytes: the model tests check those.
/// <para>Cost: one visit a frame, under the pool's lock, which the caller holds.</para>
/// </summary>
public sealed class PoolAudit
{
    private readonly ZbudPool _pool;
    private readonly ICollection<string> _violations;
    private readonly HashSet<FrameNumber> _listed = [];
    private int _users;
    private int _occupied;

    private PoolAudit(ZbudPool pool, ICollection<string> violations)
    {
        _pool = pool;
        _violations = violations;
    }

    /// <summary>Audits a pool. Needs its lock.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="violations">Where a line for each violation is added.</param>
    /// <returns>Frames looked at.</returns>
    public static int Run(ZbudPool pool, ICollection<string> violations)
    {
        pool.AssertHeld();
        return new PoolAudit(pool, violations).Run();
    }

    /// <summary>
    /// The bytes that a pool's live zpages occupy, for a caller that knows their lengths; visits each user.
    /// </summary>
    /// <param name="pool">The pool; its lock is held.</param>
    /// <param name="visit">Called with each live handle.</param>
    public static void VisitUsers(ZbudPool pool, Action<ZbudHandle> visit)
    {
        pool.AssertHeld();
        FrameList<LruLinks> lru = pool.Frames.Lists.Lru;
        for (FrameNumber frame = lru.Head; frame != FrameNumber.None; frame = lru.Next(frame))
        {
            VisitFrame(pool, frame, visit);
        }

        foreach (FrameNumber frame in pool.Frames.UnderReclaim)
        {
            VisitFrame(pool, frame, visit);
        }
    }

    private static void VisitFrame(ZbudPool pool, FrameNumber frame, Action<ZbudHandle> visit)
    {
        foreach (Buddy buddy in (ReadOnlySpan<Buddy>)[Buddy.First, Buddy.Last])
        {
            ZbudHandle user = pool.Frames.User(frame, buddy);
            if (!user.IsNone)
            {
                visit(user);
            }
        }
    }

    private int Run()
    {
        FrameLists lists = _pool.Frames.Lists;
        int onLists = 0;
        for (int free = 0; free < lists.Unbuddied.Length; free++)
        {
            FrameList<BuddyLinks> list = lists.Unbuddied[free];
            Check(list.Count == 0 || free is > 0 and < Chunks.Usable, "I4 unbuddied[0] and [63] are empty", free);
            Check(
                (lists.FirstFitting(free) != FrameNumber.None) || list.Count == 0,
                "the list map shows every list",
                free);
            onLists += WalkList(list, "unbuddied", (frame, meta) => CheckUnbuddied(frame, in meta, free));
        }

        onLists += WalkList(lists.Buddied, "buddied", (frame, meta) => Check(
            meta.Kind == FrameKind.Zbud && meta.FirstChunks != 0 && meta.LastChunks != 0,
            "I3 a buddied frame has two zpages",
            frame));
        onLists += WalkList(lists.Headless, "headless", (frame, meta) => Check(
            meta is { Kind: FrameKind.Headless, FirstChunks: Chunks.PerFrame, LastChunks: 0 },
            "I3 a headless frame has one zpage that fills it",
            frame));

        int underReclaim = _pool.Frames.UnderReclaim.Count;
        Check(
            _pool.FrameCount == onLists + underReclaim,
            "I1 frames = buddied + unbuddied + headless + under reclaim",
            _pool.FrameCount);
        Check(
            lists.Lru.Count == _pool.FrameCount - underReclaim,
            "I1 the LRU list has all frames not under reclaim",
            lists.Lru.Count);
        WalkLru(lists.Lru);
        foreach (FrameNumber frame in _pool.Frames.UnderReclaim)
        {
            Check(_pool.Arena.Meta(frame).UnderReclaim, "a frame under reclaim is marked", frame);
            Check(!_listed.Contains(frame), "I2 a frame under reclaim is on no list", frame);
            CheckFrame(frame);
        }

        Check(_users == _pool.Handles.Count, "R2 every handle has a frame that names it", _pool.Handles.Count);
        Check(_users <= _occupied, "R16 every user occupies a side", _users);
        Check(_occupied <= 2 * _pool.FrameCount, "I7 at most two zpages a frame", _occupied);
        Check(_occupied + (2 * underReclaim) >= _pool.FrameCount, "I7 never more frames than zpages", _occupied);
        return _pool.FrameCount;
    }

    private int WalkList(FrameList<BuddyLinks> list, string name, Action<FrameNumber, FrameMeta> check)
    {
        int count = 0;
        FrameNumber previous = FrameNumber.None;
        for (FrameNumber frame = list.Head; frame != FrameNumber.None && count <= list.Count; frame = list.Next(frame))
        {
            Check(list.Previous(frame) == previous, $"links of {name} agree both ways", frame);
            Check(_listed.Add(frame), $"I2 a frame is on one list only ({name})", frame);
            Check(!_pool.Arena.Meta(frame).UnderReclaim, $"I2 a frame on a list ({name}) is not under reclaim", frame);
            check(frame, _pool.Arena.Meta(frame));
            CheckFrame(frame);
            previous = frame;
            count++;
        }

        Check(list.Tail == previous && count == list.Count, $"{name} counts its frames", count);
        return count;
    }

    private void WalkLru(FrameList<LruLinks> lru)
    {
        int count = 0;
        FrameNumber previous = FrameNumber.None;
        for (FrameNumber frame = lru.Head; frame != FrameNumber.None && count <= lru.Count; frame = lru.Next(frame))
        {
            Check(lru.Previous(frame) == previous, "links of the LRU list agree both ways", frame);
            Check(_listed.Contains(frame), "I2 a frame on the LRU list is on another list too", frame);
            previous = frame;
            count++;
        }

        Check(lru.Tail == previous && count == lru.Count, "the LRU list counts its frames", count);
    }

    private void CheckUnbuddied(FrameNumber frame, in FrameMeta meta, int free)
    {
        Check(meta.Kind == FrameKind.Zbud, "an unbuddied frame has a header", frame);
        Check((meta.FirstChunks == 0) != (meta.LastChunks == 0), "I3 an unbuddied frame has one zpage", frame);
        Check(
            Chunks.Free(meta.FirstChunks, meta.LastChunks) == free,
            "I3 a frame is on the list of its free chunks",
            frame);
    }

    private void CheckFrame(FrameNumber frame)
    {
        ref FrameMeta meta = ref _pool.Arena.Meta(frame);
        Check(meta.Pool == _pool.Number, "R18 a frame names its pool", frame);
        Check(
            meta.UnderReclaim || meta.FirstChunks != 0 || meta.LastChunks != 0,
            "I5 no empty frame outside reclaim",
            frame);
        Check(
            meta.Kind == FrameKind.Headless || meta.FirstChunks + meta.LastChunks <= Chunks.Usable,
            "I6 zpages do not overlap",
            frame);

        ref FrameHeader header = ref FrameHeader.Of(_pool.Frames.Headers[frame]);
        Check(
            header.Version == FrameHeader.CurrentVersion
                && header.Kind == meta.Kind
                && header.Owner == _pool.Frames.Headers.Owner,
            "R18 a frame's header says what and whose it is",
            frame);
        Check(
            header.FirstChunks == meta.FirstChunks && header.LastChunks == meta.LastChunks,
            "a frame's header has the chunks of its meta",
            frame);
        Check(meta.Pins == _pool.PinsOf(frame), "R10 a frame counts the pins of its zpages", frame);
        CheckSide(frame, ref meta, Buddy.First);
        CheckSide(frame, ref meta, Buddy.Last);
    }

    private void CheckSide(FrameNumber frame, ref FrameMeta meta, Buddy buddy)
    {
        if (meta.Kind == FrameKind.Headless && buddy == Buddy.Last)
        {
            // That field has the cell of its header.
            return;
        }

        uint user = PoolFrames.UserOf(ref meta, buddy);
        if (PoolFrames.ChunksOf(in meta, buddy) == 0)
        {
            Check(user == 0, "a free side has no user", frame);
            return;
        }

        _occupied++;
        TaggedFrame place = new(frame, buddy);
        if (user == 0)
        {
            Check(_pool.IsDeferred(place), "a used side has a user, or is kept for a pin", frame);
            return;
        }

        _users++;
        bool live = _pool.Handles.IsTaken(user - 1);
        Check(live, "R2 a frame names a live handle", frame);
        Check(
            !live || _pool.Handles.Resolve(_pool.Handles.Live(user - 1)) == place,
            "R2 a handle points at the frame that names it",
            frame);
    }

    private void Check(bool holds, string rule, FrameNumber frame) => Check(holds, rule, frame.Value);

    private void Check(bool holds, string rule, long value)
    {
        if (!holds)
        {
            _violations.Add($"pool {_pool.Number}: {rule} (value {value})");
        }
    }
}
