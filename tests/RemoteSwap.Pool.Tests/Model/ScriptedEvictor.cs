namespace RemoteSwap.Pool.Tests.Model;

/// <summary>
/// An evictor that does whatever an evictor, or another thread during an eviction, may do; its seed decides. It notes
/// each call, so that the model can follow.
/// </summary>
internal sealed class ScriptedEvictor(PoolUnderTest pool, List<ModelZpage> live, int seed) : IEvictor
{
    private readonly Random _random = new(seed);

    /// <summary>The calls, in order.</summary>
    public Queue<EvictCall> Calls { get; } = new();

    public bool TryEvict(ZbudHandle handle)
    {
        ModelZpage? freed = _random.Next(4) == 0 ? FreeAnother(handle) : null;
        Allocation? allocated = _random.Next(4) == 0 ? Allocate() : null;
        (bool frees, bool result) = _random.Next(8) switch
        {
            < 4 => (true, true),
            < 6 => (false, false),
            6 => (true, false),
            _ => (false, true),
        };
        if (frees)
        {
            // The handle may be stale by now; then this does nothing.
            _ = pool.Pool.Free(handle);
            live.RemoveAll(zpage => zpage.Handle == handle);
        }

        Calls.Enqueue(new EvictCall(handle, freed, allocated, frees, result));
        return result;
    }

    // Most often a zpage that the same reclaim is about to offer.
    private ModelZpage? FreeAnother(ZbudHandle offered)
    {
        if (live.Count == 0)
        {
            return null;
        }

        FrameNumber frame = pool.Pool.IsLive(offered) ? pool.Pool.Handles.Resolve(offered).Frame : FrameNumber.None;
        List<ModelZpage> near = live.FindAll(zpage => pool.Pool.Handles.Resolve(zpage.Handle).Frame == frame);
        List<ModelZpage> from = near.Count > 0 && _random.Next(4) != 0 ? near : live;
        ModelZpage zpage = from[_random.Next(from.Count)];
        live.Remove(zpage);
        ModelMismatchException.Require(pool.Pool.Free(zpage.Handle), $"{zpage} was live, but was not freed");
        return zpage;
    }

    private Allocation Allocate()
    {
        Allocation allocation = pool.Allocate(_random.Next(1, Chunks.MaxZpageBytes + 1), headless: false);
        if (allocation.Status == AllocStatus.Ok)
        {
            live.Add(allocation.Zpage);
        }

        return allocation;
    }
}
