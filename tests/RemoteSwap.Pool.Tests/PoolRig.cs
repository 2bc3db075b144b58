namespace RemoteSwap.Pool.Tests;

/// <summary>A pool on an arena of its own, for examples; each call takes the pool's lock.</summary>
internal sealed class PoolRig : IDisposable
{
    private const int Frames4Mib = 1024;

    public PoolRig(Func<FrameArena, IFrameSource>? source = null, bool poison = true)
    {
        Arena = new FrameArena(Frames4Mib, poison: poison);
        Frames = new SwitchedFrames(source?.Invoke(Arena) ?? Arena);
        Pool = new ZbudPool(Arena, Frames, number: 3, owner: 30);
        Reclaimer = new FrameReclaimer(Pool);
        Migrator = new FrameMigrator(Pool, Frames);
        Merger = new FrameMerger(Pool);
    }

    public FrameArena Arena { get; }

    public SwitchedFrames Frames { get; }

    public ZbudPool Pool { get; }

    public FrameReclaimer Reclaimer { get; }

    public FrameMigrator Migrator { get; }

    public FrameMerger Merger { get; }

    /// <summary>Frames of the pool, by its own count.</summary>
    public int FrameCount
    {
        get
        {
            lock (Pool.Gate)
            {
                return Pool.FrameCount;
            }
        }
    }

    /// <summary>Allocates a zpage and writes an id's pattern into it.</summary>
    public ZbudHandle Allocate(int id, int size)
    {
        lock (Pool.Gate)
        {
            AllocStatus status = Pool.TryAllocate(size, out ZbudHandle handle);
            return Written(id, size, status, handle);
        }
    }

    /// <summary>Allocates a whole frame and writes an id's pattern into it.</summary>
    public ZbudHandle AllocateHeadless(int id)
    {
        lock (Pool.Gate)
        {
            AllocStatus status = Pool.TryAllocateHeadless(out ZbudHandle handle);
            return Written(id, FrameArena.FrameBytes, status, handle);
        }
    }

    /// <summary>Allocates a zpage of either kind.</summary>
    public ZbudHandle Allocate(int id, bool headless) => headless ? AllocateHeadless(id) : Allocate(id, 1984);

    public bool Free(ZbudHandle handle)
    {
        lock (Pool.Gate)
        {
            return Pool.Free(handle);
        }
    }

    public bool IsLive(ZbudHandle handle)
    {
        lock (Pool.Gate)
        {
            return Pool.IsLive(handle);
        }
    }

    public FramePin Pin(ZbudHandle handle)
    {
        lock (Pool.Gate)
        {
            return Pool.Pin(handle);
        }
    }

    public void Unpin(FramePin pin)
    {
        lock (Pool.Gate)
        {
            Pool.Unpin(pin);
        }
    }

    /// <summary>Where a zpage lies.</summary>
    public FrameNumber FrameOf(ZbudHandle handle)
    {
        lock (Pool.Gate)
        {
            return Pool.Handles.Resolve(handle).Frame;
        }
    }

    /// <summary>Whether a live zpage has an id's bytes and owner record.</summary>
    public bool Holds(ZbudHandle handle, int id, int size)
    {
        lock (Pool.Gate)
        {
            return Pool.Map(handle)[..size].SequenceEqual(Noise.Of(id, size))
                && Pool.OwnerRecord(handle).SequenceEqual(Noise.RecordOf(id));
        }
    }

    /// <summary>Whether a pinned zpage has an id's bytes.</summary>
    public bool Holds(FramePin pin, int id, int size) => Pool.Map(pin)[..size].SequenceEqual(Noise.Of(id, size));

    public ReclaimStatus Reclaim(int retries, Func<ZbudHandle, bool> evict) =>
        Reclaimer.Reclaim(retries, new DelegateEvictor(evict));

    /// <summary>Merges two frames.</summary>
    public MoveStatus Merge()
    {
        lock (Pool.Gate)
        {
            return Merger.TryMergeOne();
        }
    }

    /// <summary>What the audit finds.</summary>
    public List<string> Violations()
    {
        List<string> violations = [];
        lock (Pool.Gate)
        {
            PoolAudit.Run(Pool, violations);
        }

        return violations;
    }

    public void Dispose() => Arena.Dispose();

    private ZbudHandle Written(int id, int size, AllocStatus status, ZbudHandle handle)
    {
        if (status != AllocStatus.Ok)
        {
            throw new InvalidOperationException($"zpage {id} of {size} bytes: {status}");
        }

        Noise.Of(id, size).CopyTo(Pool.Map(handle));
        Noise.RecordOf(id).CopyTo(Pool.OwnerRecord(handle));
        return handle;
    }

    private sealed class DelegateEvictor(Func<ZbudHandle, bool> evict) : IEvictor
    {
        public bool TryEvict(ZbudHandle handle) => evict(handle);
    }
}
