using RemoteSwap.Client.Exchange;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Requests;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Gathering;

/// <summary>
/// Stores, loads and invalidates single pages of one area over the lanes. A page is encoded on its caller's thread and
/// outside all locks; what is done inside one is to copy the zpage into a batch. In the long run nothing is allocated
/// for a page.
/// </summary>
internal sealed class SinglePages
{
    [ThreadStatic]
    private static byte[]? t_zpage;

    private readonly LaneSet _lanes;
    private readonly AreaName _name;
    private readonly GenerationCounter _generations;
    private readonly CallSubject _store;
    private readonly CallSubject _load;
    private readonly CallSubject _invalidation;

    // By lane.
    private readonly GatheringSite[] _sites;

    /// <summary>Makes the gatherers of an area.</summary>
    public SinglePages(LaneSet lanes, AreaName name, GenerationCounter generations, TimeProvider time)
    {
        _lanes = lanes;
        _name = name;
        _generations = generations;
        _store = name.Subject(CallVerbs.Store);
        _load = name.Subject(CallVerbs.Load);
        _invalidation = name.Subject(CallVerbs.Invalidation);
        long patienceTicks = (long)(Gatherer.Patience.TotalSeconds * time.TimestampFrequency);
        _sites = new GatheringSite[lanes.Count];
        for (int lane = 0; lane < _sites.Length; lane++)
        {
            _sites[lane] = new GatheringSite(lanes[lane], name, lanes.Gathered, patienceTicks);
        }
    }

    /// <summary>Stores a page of 4,096 bytes, which is not read any more when this returns.</summary>
    public ValueTask<StoreOutcome> StoreAsync(
        ulong slot, ReadOnlySpan<byte> page, ICompletionBurst? burst, CancellationToken ct, out ulong generation)
    {
        generation = 0;
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<StoreOutcome>(ct);
        }

        generation = _generations.Take(1);
        Span<byte> room = t_zpage ??= new byte[ZpageLimits.MaxBytes];
        ZpageIdentity identity = PageForm.Encode(_name, slot, generation, page, room);
        PendingCall call = _lanes.Begin(_store, slot, page: default, burst, ct);
        ValueTask<StoreOutcome> task = new(call, call.Version);
        _sites[_lanes.LaneOf(slot)].Stores.Add(new GatheredPage
        {
            Call = call,
            Slot = slot,
            Generation = generation,
            Zpage = room[..identity.Size],
            Identity = identity,
        });
        return task;
    }

    /// <summary>Loads a page into room for 4,096 bytes.</summary>
    public ValueTask<LoadOutcome> LoadAsync(
        ulong slot, Memory<byte> page, ICompletionBurst? burst, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<LoadOutcome>(ct);
        }

        PendingCall call = _lanes.Begin(_load, slot, page, burst, ct);
        ValueTask<LoadOutcome> task = new(call, call.Version);
        _sites[_lanes.LaneOf(slot)].Loads.Add(new GatheredPage { Call = call, Slot = slot });
        return task;
    }

    /// <summary>Forgets a page.</summary>
    public ValueTask<InvalidateOutcome> InvalidateAsync(ulong slot, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<InvalidateOutcome>(ct);
        }

        ulong generation = _generations.Take(1);
        PendingCall call = _lanes.Begin(_invalidation, slot, page: default, burst: null, ct);
        ValueTask<InvalidateOutcome> task = new(call, call.Version);
        _sites[_lanes.LaneOf(slot)].Invalidations.Add(
            new GatheredPage { Call = call, Slot = slot, Generation = generation });
        return task;
    }
}
