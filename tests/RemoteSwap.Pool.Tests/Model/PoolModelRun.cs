using static RemoteSwap.Pool.Tests.Model.ModelMismatchException;

namespace RemoteSwap.Pool.Tests.Model;

/// <summary>
/// Carries out random steps on a pool and on the naive model, and compares both after every step: placement, lists and
/// LRU order, handles, every zpage's bytes and owner record, and the audit.
/// </summary>
internal sealed class PoolModelRun : IDisposable
{
    private const int ArenaFrames = 2048;

    // One block of header cells: below this the pool needs a frame for headers only when it has no headless frame.
    private const int MaxHeadless = 60;

    private readonly FrameArena _arena = new(ArenaFrames, warmFrames: 64, poison: true);
    private readonly SwitchedFrames _frames;
    private readonly PoolUnderTest _pool;
    private readonly NaiveZbud _model = new();
    private readonly List<(FramePin Pin, ModelZpage Zpage)> _pins = [];
    private readonly List<ZbudHandle> _stale = [];

    private PoolModelRun()
    {
        _frames = new SwitchedFrames(_arena);
        _pool = new PoolUnderTest(_arena, _frames);
    }

    /// <summary>Runs steps; throws at the first disagreement.</summary>
    public static void Run(IReadOnlyList<PoolOperation> steps)
    {
        using PoolModelRun run = new();
        lock (run._pool.Pool.Gate)
        {
            foreach (PoolOperation step in steps)
            {
                run.Apply(step);
                run._pool.Compare(run._model, run._pins, run._stale);
            }

            run.Drain();
        }
    }

    public void Dispose() => _arena.Dispose();

    private void Apply(PoolOperation step)
    {
        switch (step.Kind)
        {
            case PoolOperationKind.Allocate:
                Follow(_pool.Allocate(step.A, headless: false));
                break;
            case PoolOperationKind.AllocateHeadless:
                if (_model.Frames.Count(frame => frame.Headless) < MaxHeadless)
                {
                    Follow(_pool.Allocate(FrameArena.FrameBytes, headless: true));
                }

                break;
            case PoolOperationKind.Free:
                Free(Pick(step.A));
                break;
            case PoolOperationKind.FreeStale:
                bool freed = _stale.Count > 0 && _pool.Pool.Free(_stale[step.A % _stale.Count]);
                Require(!freed, "a stale handle was freed");
                break;
            case PoolOperationKind.Reclaim:
                Reclaim(step.A, step.B);
                break;
            case PoolOperationKind.Pin:
                Pin(Pick(step.A));
                break;
            case PoolOperationKind.Unpin:
                Unpin(step.A);
                break;
            case PoolOperationKind.Migrate:
            case PoolOperationKind.MigrateDown:
                Migrate(Pick(step.A), step.Kind == PoolOperationKind.MigrateDown);
                break;
            case PoolOperationKind.Merge:
                Merge();
                break;
            default:
                _frames.Refuse = step.A == 0;
                break;
        }
    }

    private ModelZpage? Pick(int index)
    {
        ModelZpage[] live = [.. _model.Zpages.Where(zpage => zpage.Live)];
        return live.Length == 0 ? null : live[index % live.Length];
    }

    private void Follow(Allocation allocation)
    {
        ModelZpage zpage = allocation.Zpage;
        ModelFrame? fitting = zpage.Headless ? null : _model.Fitting(zpage.Chunks);
        RequireEqual(ExpectedStatus(zpage, fitting), allocation.Status, $"status of allocating {zpage}");
        if (allocation.Status != AllocStatus.Ok)
        {
            return;
        }

        if (fitting is null)
        {
            Require(_model.Frames.All(frame => frame.Number != allocation.Frame), "a new frame is in use already");
            fitting = new ModelFrame(allocation.Frame, zpage.Headless);
        }

        RequireEqual(fitting.Number, allocation.Frame, $"frame of {zpage}");
        _model.Place(zpage, fitting);
        RequireEqual(zpage.Side, allocation.Side, $"side of {zpage}");
    }

    private AllocStatus ExpectedStatus(ModelZpage zpage, ModelFrame? fitting)
    {
        if (!zpage.Headless && zpage.SizeBytes is <= 0 or > FrameArena.FrameBytes)
        {
            return zpage.SizeBytes <= 0 ? AllocStatus.Invalid : AllocStatus.NoSpace;
        }

        if (!zpage.Headless && zpage.SizeBytes > 3968)
        {
            return AllocStatus.NoSpace;
        }

        // The first handle and the first headless frame need a frame for their tables.
        bool needsTable = !_model.Zpages.Any()
            || (zpage.Headless && !_model.Frames.Any(frame => frame.Headless));
        return (_frames.Refuse, needsTable, fitting) switch
        {
            (true, true, _) => AllocStatus.NoHandle,
            (true, false, null) => AllocStatus.NoMemory,
            _ => AllocStatus.Ok,
        };
    }

    private void Free(ModelZpage? zpage)
    {
        if (zpage is not null)
        {
            Require(_pool.Pool.Free(zpage.Handle), $"{zpage} was live, but was not freed");
            FollowFree(zpage);
        }
    }

    private void FollowFree(ModelZpage zpage)
    {
        _model.Free(zpage);
        _stale.Add(zpage.Handle);
    }

    private void Pin(ModelZpage? zpage)
    {
        if (zpage is not null)
        {
            _pins.Add((_pool.Pool.Pin(zpage.Handle), zpage));
            zpage.Pins++;
        }
    }

    private void Unpin(int index)
    {
        if (_pins.Count > 0)
        {
            (FramePin pin, ModelZpage zpage) = _pins[index % _pins.Count];
            _pins.RemoveAt(index % _pins.Count);
            _pool.Pool.Unpin(pin);
            _model.Unpin(zpage);
        }
    }

    private void Reclaim(int retries, int seed)
    {
        ScriptedEvictor evictor = new(_pool, [.. _model.Zpages.Where(zpage => zpage.Live)], seed);
        ReclaimStatus status = _pool.Reclaim(retries, evictor);
        RequireEqual(FollowReclaim(retries, evictor.Calls), status, $"status of a reclaim with {retries} retries");
        Require(evictor.Calls.Count == 0, "the evictor was called more often than it should");
    }

    private ReclaimStatus FollowReclaim(int retries, Queue<EvictCall> calls)
    {
        for (int attempt = 0; attempt < retries; attempt++)
        {
            if (_model.Begin() is not { } frame)
            {
                return attempt == 0 ? ReclaimStatus.Invalid : ReclaimStatus.TryAgain;
            }

            ModelZpage? first = frame.First is { Live: true } ? frame.First : null;
            ModelZpage? last = frame.Last is { Live: true } ? frame.Last : null;
            if ((first is null || FollowEviction(first, calls)) && last is not null)
            {
                _ = FollowEviction(last, calls);
            }

            if (_model.End(frame))
            {
                return ReclaimStatus.Freed;
            }
        }

        return retries <= 0 ? ReclaimStatus.Invalid : ReclaimStatus.TryAgain;
    }

    private bool FollowEviction(ModelZpage zpage, Queue<EvictCall> calls)
    {
        Require(calls.TryDequeue(out EvictCall? call), $"{zpage} was not offered to the evictor");
        RequireEqual(zpage.Handle, call!.Offered, "handle offered to the evictor");
        if (call.FreedBefore is not null)
        {
            FollowFree(call.FreedBefore);
        }

        if (call.Allocated is not null)
        {
            Follow(call.Allocated);
        }

        if (call.FreesOffered && zpage.Live)
        {
            FollowFree(zpage);
        }

        return call.Result;
    }

    private void Migrate(ModelZpage? zpage, bool onlyDown)
    {
        if (zpage?.Frame is not { } frame)
        {
            return;
        }

        FrameNumber before = frame.Number;
        MoveStatus status = onlyDown
            ? PoolUnderTest.MigrateDown(_pool.Migrator, _frames, before)
            : _pool.Migrator.TryMigrate(zpage.Handle);
        FrameNumber after = _pool.Pool.Handles.Resolve(zpage.Handle).Frame;
        bool movesDown = after.Value < before.Value;
        Require((status == MoveStatus.Moved) == (after != before), $"{status}, but {before} became {after}");
        Require(onlyDown || status == MoveStatus.Busy == frame.IsPinned, $"{status}, pinned {frame.IsPinned}");
        Require(status != MoveStatus.Busy || frame.IsPinned, $"{before} is not pinned and busy");
        Require(status != MoveStatus.Moved || !frame.IsPinned, $"{before} is pinned and moved");
        Require(status == MoveStatus.Moved || onlyDown || frame.IsPinned || _frames.Refuse, $"{before} did not move");
        Require(!onlyDown || status != MoveStatus.Moved || movesDown, $"{before} moved up to {after}");
        Require(
            !onlyDown || status != MoveStatus.NoPlace || _frames.Refuse || !HasLowerPlace(before),
            $"{before} had a lower place");
        frame.Number = after;
    }

    private bool HasLowerPlace(FrameNumber frame)
    {
        bool found = _arena.TryTake(out FrameNumber lowest);
        _arena.Return(lowest);
        return found && lowest.Value < frame.Value;
    }

    private void Merge()
    {
        MoveStatus status = _pool.Merger.TryMergeOne();
        bool expected = status switch
        {
            MoveStatus.Moved => _model.CanMerge(unpinnedOnly: true),
            MoveStatus.Busy => _model.CanMerge(unpinnedOnly: false) && _model.Lru.Any(frame => frame.IsPinned),
            _ => !_model.CanMerge(unpinnedOnly: false),
        };
        Require(expected, $"a merge said {status}");
        if (status != MoveStatus.Moved)
        {
            return;
        }

        // Which pair was merged is the pool's choice: read it back, then hold it to what a merge may do.
        ModelZpage moved = _model.Zpages
            .Single(zpage => zpage.Live && _pool.Pool.Handles.Resolve(zpage.Handle).Frame != zpage.Frame!.Number);
        FrameNumber number = _pool.Pool.Handles.Resolve(moved.Handle).Frame;
        ModelFrame target = _model.Lru.Single(frame => frame.Number == number);
        Require(!target.IsPinned && !moved.Frame!.IsPinned, "a merge took a pinned frame");
        Require(target.IsUnbuddied && moved.Frame!.IsUnbuddied, "a merge took a full frame");
        Require(moved.Chunks <= target.Lone!.Chunks, "the larger zpage was moved");
        _model.Merge(moved, target);
    }

    private void Drain()
    {
        while (_pins.Count > 0)
        {
            Unpin(0);
        }

        while (Pick(0) is { } zpage)
        {
            Free(zpage);
        }

        _pool.Compare(_model, _pins, _stale);
        RequireEqual(0, _pool.Pool.FrameCount, "frames of an empty pool");
        RequireEqual(0, _frames.Outstanding, "frames that an empty pool holds, tables included");
        RequireEqual(0, _arena.FramesInUse, "frames in use of the arena");
    }
}
