using System.Runtime.InteropServices;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Hands the pages of frames to the owners of their areas and frees the frames, up to 32 at once: what
/// <see cref="FrameWriteback"/> does with the spill file, with the clients' own devices.
/// <para>
/// (1) Locked: of the least recent frames those are taken whose every page has an owner that takes pages; their zpages
/// are pinned, their owner records noted. (2) Unlocked: the zpages are copied into a batch for each area and handed
/// out. (3) The answers are awaited, for <see cref="Patience"/> at most; Loads, Stores and Invalidates of the pages are
/// served from memory and the index all the while. (4) Locked: each page that was taken, is still the one it was, and
/// whose taker still owns the area is forgotten; pins end; the frame goes back, or rejoins the lists if anything of it
/// is left.
/// </para>
/// <para>
/// The identity check of step 4 is by handle and generation, never by slot alone (KERNEL B8), and by the owner of that
/// moment: whoever took over expects what was there, and the taker's device is not the new owner's.
/// </para>
/// </summary>
internal sealed class FrameEviction(TimeProvider time, ReclaimReason reason)
{
    /// <summary>Frames handed out together.</summary>
    public const int MaxFrames = 32;

    /// <summary>Pages handed out together.</summary>
    public const int MaxPages = 2 * MaxFrames;

    // Frames looked at to find those: an area that nobody takes pages of may have the least recent ones.
    private const int MaxLooked = 256;

    private readonly List<ReclaimTicket> _tickets = new(MaxFrames);
    private readonly List<Sent> _sent = new(MaxPages);

    // Whose pages this step may take: a client may have so many steps at a time.
    private readonly Dictionary<EvictionOutlet, bool> _joined = [];
    private readonly Dictionary<EvictionOutlet, (EvictionBatch Batch, List<int> Numbers)> _batches = [];

    /// <summary>How long a step waits for answers.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Runs one step. One at a time; its lists are used again by the next.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="shard">Whose frames.</param>
    /// <param name="maxFrames">How many frames, at least 1; no more than <see cref="MaxFrames"/> are taken.</param>
    public async ValueTask<WritebackStep> RunAsync(Tenant tenant, Shard shard, int maxFrames)
    {
        _tickets.Clear();
        _sent.Clear();
        _batches.Clear();
        _joined.Clear();
        long began = time.GetTimestamp();
        Begin(tenant, shard, Math.Min(maxFrames, MaxFrames));
        if (_tickets.Count == 0)
        {
            Leave(TimeSpan.Zero);
            return default;
        }

        // Whatever goes wrong from here on, the frames rejoin the lists and the pins end.
        EvictionRound round = new(_sent.Count);
        WritebackStep step = default;
        try
        {
            HandOut(shard, round);
            await WaitAsync(round);
        }
        finally
        {
            step = Commit(shard, round);
            Leave(time.GetElapsedTime(began));
        }

        return step;
    }

    // (1)
    private void Begin(Tenant tenant, Shard shard, int maxFrames)
    {
        lock (shard.Gate)
        {
            FrameReclaimer reclaimer = shard.Reclaimer;
            bool more = reclaimer.TryPeekOldest(out ReclaimTicket oldest);
            for (int looked = 0;
                more && looked < MaxLooked && _tickets.Count < maxFrames && !shard.IsSealed;
                looked++)
            {
                ReclaimTicket ticket = oldest;
                more = reclaimer.TryPeekNewer(ticket, out oldest);

                // Looked up once: an owner may change meanwhile, and then its way is closed and its claim is stale.
                EvictionOutlet? first = Join(OutletOf(tenant, shard, ticket.First));
                EvictionOutlet? last = Join(OutletOf(tenant, shard, ticket.Last));
                if (TryReserve(ticket, first, last))
                {
                    reclaimer.Begin(ticket);
                    Note(shard, ticket.First, first);
                    Note(shard, ticket.Last, last);
                    _tickets.Add(ticket);
                }
            }

            shard.Counters.EvictionsOut += _sent.Count;
        }
    }

    private EvictionOutlet? Join(EvictionOutlet? outlet)
    {
        if (outlet is null)
        {
            return null;
        }

        if (!_joined.TryGetValue(outlet, out bool mayTake))
        {
            mayTake = outlet.TryBeginStep();
            _joined.Add(outlet, mayTake);
        }

        return mayTake ? outlet : null;
    }

    private void Leave(TimeSpan took)
    {
        foreach ((EvictionOutlet outlet, bool mayTake) in _joined)
        {
            if (mayTake)
            {
                outlet.EndStep(took);
            }
        }

        _joined.Clear();
    }

    // Credit for all pages of a frame, or for none.
    private static bool TryReserve(ReclaimTicket ticket, EvictionOutlet? first, EvictionOutlet? last)
    {
        if ((first is null && !ticket.First.IsNone) || (last is null && !ticket.Last.IsNone))
        {
            return false;
        }

        if (first == last || first is null || last is null)
        {
            int pages = (first is null ? 0 : 1) + (last is null ? 0 : 1);
            return pages > 0 && (first ?? last)!.TryReserve(pages);
        }

        bool isFirst = first.TryReserve(1);
        bool isLast = isFirst && last.TryReserve(1);
        if (isFirst && !isLast)
        {
            first.AddCredit(1);
        }

        return isLast;
    }

    private static EvictionOutlet? OutletOf(Tenant tenant, Shard shard, ZbudHandle handle)
    {
        if (handle.IsNone)
        {
            return null;
        }

        EvictionOutlet? outlet = tenant.Areas[OwnerRecord.Read(shard.Pool.OwnerRecord(handle)).Area].Outlet;
        return outlet is { Claim.IsCurrent: true } ? outlet : null;
    }

    private void Note(Shard shard, ZbudHandle handle, EvictionOutlet? outlet)
    {
        if (outlet is not null)
        {
            OwnerRecord record = OwnerRecord.Read(shard.Pool.OwnerRecord(handle));
            ZpageTail tail = ZpageTail.Copy(shard.Pool.Spare(handle), record.Length);
            _sent.Add(new Sent(handle, shard.Pool.Pin(handle), record, tail, outlet));
        }
    }

    // (2)
    private void HandOut(Shard shard, EvictionRound round)
    {
        for (int number = 0; number < _sent.Count; number++)
        {
            Sent page = _sent[number];
            ref (EvictionBatch Batch, List<int> Numbers) batch =
                ref CollectionsMarshal.GetValueRefOrAddDefault(_batches, page.Outlet, out bool isThere);
            batch = isThere ? batch : (new EvictionBatch(), []);
            ZpageTail tail = page.Tail;
            batch.Batch.Add(page.Record, shard.Pool.Map(page.Pin), tail);
            batch.Numbers.Add(number);
        }

        foreach ((EvictionOutlet outlet, (EvictionBatch batch, List<int> numbers)) in _batches)
        {
            outlet.Hand(batch, numbers, round);
        }
    }

    // (3)
    private async ValueTask WaitAsync(EvictionRound round)
    {
        try
        {
            await round.Over.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            foreach (EvictionOutlet outlet in _batches.Keys)
            {
                outlet.GiveUp(round);
            }
        }
    }

    // (4)
    private WritebackStep Commit(Shard shard, EvictionRound round)
    {
        int freed = 0;
        int pages = 0;
        lock (shard.Gate)
        {
            if (shard.IsSealed)
            {
                return new WritebackStep(_tickets.Count, 0, 0, _tickets.Count, "the server is shutting down");
            }

            int number = 0;
            foreach (ReclaimTicket ticket in _tickets)
            {
                // Nobody is brought below its guarantee: the tenant may have emptied slots by itself meanwhile.
                bool claimed = shard.Budget.TryClaim(reason);
                int end = number + ticket.Zpages;
                for (; number < end; number++)
                {
                    pages += Commit(shard, _sent[number], claimed ? round[number] : EvictionAnswer.None) ? 1 : 0;
                    shard.Pool.Unpin(_sent[number].Pin);
                }

                freed += shard.Reclaimer.End(ticket) ? 1 : 0;
                shard.Budget.EndFrame(reason, claimed);
            }

            shard.Counters.EvictionsOut -= _sent.Count;
            shard.Counters.AddReclaimed(reason, freed, pages);
            shard.Counters.ReclaimFail += _tickets.Count - freed;
        }

        int failed = _tickets.Count - freed;
        return new WritebackStep(
            _tickets.Count,
            freed,
            pages,
            failed,
            failed == 0 ? "" : "clients did not take all pages that they were given");
    }

    private static bool Commit(Shard shard, Sent page, EvictionAnswer answer)
    {
        AreaClaim claim = page.Outlet.Claim;
        if (answer == EvictionAnswer.Taken && shard.Evictions.TryCommit(in claim, page.Handle, page.Record))
        {
            return true;
        }

        bool isSuperseded = answer == EvictionAnswer.Superseded || !shard.Pool.IsLive(page.Handle);
        shard.Counters.EvictionsSuperseded += isSuperseded ? 1 : 0;
        shard.Counters.EvictionsFailed += isSuperseded ? 0 : 1;
        return false;
    }

    private readonly record struct Sent(
        ZbudHandle Handle, FramePin Pin, OwnerRecord Record, ZpageTail Tail, EvictionOutlet Outlet);
}
