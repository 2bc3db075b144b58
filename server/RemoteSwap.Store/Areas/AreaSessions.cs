namespace RemoteSwap.Store;

/// <summary>
/// Who owns the areas of a tenant: attaching, leaving, and what becomes of an area whose owner does neither.
/// <para>
/// A change of owner has three steps. (1) The area gets its new owner. (2) Every shard's lock is taken and let go, one
/// after the other: each operation asks for the owner under the lock under which it acts, so those of the former owner
/// that were under way are over now, and later ones are fenced. (3) It is answered. So from the answer on no request of
/// the former owner has any effect, also on streams that it has open.
/// </para>
/// <para>
/// A session outlives the server: whoever resumes one of an earlier incarnation keeps its epoch, and what it sends
/// again keeps its bytes. Its pages are gone, and until a slot is stored or invalidated it is lost and not empty.
/// </para>
/// <para>
/// An owner's silence is counted in looks (<see cref="Sweep"/>), not by the clock: while the server itself stands still
/// no client can be heard, and none must pay for that.
/// </para>
/// <para>
/// Lock: one for the sessions of a tenant, rank 0: shards' locks are taken inside it, and areas are emptied inside it,
/// so that whoever attaches next finds them empty.
/// </para>
/// </summary>
internal sealed class AreaSessions(PageStore store, Tenant tenant)
{
    private readonly Incarnation _incarnation = store.Incarnation;
    private readonly StoreOptions _options = store.Options;
    private readonly Lock _gate = new();

    /// <summary>Attaches to an area.</summary>
    public AttachResult Attach(AreaId area, AttachTerms terms)
    {
        lock (_gate)
        {
            AreaState state = tenant.Areas[area];
            return terms.Mode == AttachMode.Resume ? Resume(area, state, terms) : Begin(area, state, terms);
        }
    }

    /// <summary>Notes a sign of life.</summary>
    /// <returns>Whether it is the owner's.</returns>
    public bool KeepAlive(AreaId area, AttachEpoch epoch)
    {
        AreaClaim claim = new(tenant.Areas[area], epoch);
        claim.Hear();
        return !epoch.IsNone && claim.IsCurrent;
    }

    /// <summary>Ends a session.</summary>
    /// <returns>Pages that were dropped; null: it is not the owner's, and nothing was done.</returns>
    public long? Detach(AreaId area, AttachEpoch epoch, bool keepPages)
    {
        lock (_gate)
        {
            AreaState state = tenant.Areas[area];
            if (epoch.IsNone || state.Owner != epoch)
            {
                return null;
            }

            return keepPages ? Leave(state) : Drop(area, state);
        }
    }

    /// <summary>Looks once at all owners, and drops what has been abandoned for too long.</summary>
    /// <param name="interval">The time between two looks.</param>
    public void Sweep(TimeSpan interval)
    {
        lock (_gate)
        {
            foreach ((AreaId area, AreaState state) in tenant.Areas.All())
            {
                state.SilentFor = state.WasHeard || state.Owner.IsNone ? TimeSpan.Zero : state.SilentFor + interval;
                state.WasHeard = false;
                if (state.SilentFor > _options.Lease + _options.AbandonedFor)
                {
                    Drop(area, state);
                }
            }
        }
    }

    /// <summary>Lists the areas that have an owner.</summary>
    public IReadOnlyList<AreaReport> List()
    {
        List<AreaReport> reports = [];
        lock (_gate)
        {
            foreach ((AreaId area, AreaState state) in tenant.Areas.All())
            {
                if (!state.Owner.IsNone)
                {
                    TimeSpan left = _options.Lease + _options.AbandonedFor - state.SilentFor;
                    reports.Add(new AreaReport(
                        area,
                        state.Holder,
                        state.Owner,
                        state.SilentFor,
                        state.SilentFor > _options.Lease ? left : null,
                        PageListing.Count(tenant, area)));
                }
            }
        }

        return reports;
    }

    private AttachResult Begin(AreaId area, AreaState state, AttachTerms terms)
    {
        if (!state.Owner.IsNone && state.Token == terms.Token)
        {
            // The attach again, whose answer was lost.
            return Answer(AttachOutcome.Attached, state);
        }

        if (terms.Mode == AttachMode.Exclusive && !state.Owner.IsNone)
        {
            return Refused(AttachOutcome.Held, state);
        }

        Own(state, NextEpoch(state), terms.Holder, terms.Token);
        if (terms.DiscardsPages)
        {
            Empty(area, state);
            Forget(area, state);
        }

        return Answer(AttachOutcome.Attached, state);
    }

    private AttachResult Resume(AreaId area, AreaState state, AttachTerms terms)
    {
        if (state.Owner == terms.Epoch && !terms.Epoch.IsNone)
        {
            if (state.Token != terms.Token)
            {
                return Refused(AttachOutcome.WrongToken, state);
            }

            state.WasHeard = true;
            state.SilentFor = TimeSpan.Zero;
            state.Holder = terms.Holder;
            return Answer(AttachOutcome.Resumed, state);
        }

        // Of an earlier incarnation, and nobody who came after it has been here.
        if (terms.Incarnation == _incarnation
            || !terms.Epoch.IsNewerThan(state.LastOwner)
            || terms.Epoch.Value >= _incarnation.Value)
        {
            return Refused(AttachOutcome.Fenced, state);
        }

        Own(state, terms.Epoch, terms.Holder, terms.Token);
        Empty(area, state);
        Forget(area, state);
        state.HasLostPages = true;
        return Answer(AttachOutcome.Resumed, state);
    }

    private AttachEpoch NextEpoch(AreaState state) =>
        new(Math.Max(_incarnation.Value, state.LastOwner.Value) + 1);

    private void Own(AreaState state, AttachEpoch epoch, string holder, SessionToken token)
    {
        // (1)
        state.Owner = epoch;
        state.LastOwner = epoch;
        state.Holder = holder;
        state.Token = token;
        state.WasHeard = true;
        state.SilentFor = TimeSpan.Zero;

        // (2)
        WaitForFormerOwner();
    }

    private void WaitForFormerOwner()
    {
        foreach (Shard shard in tenant.Shards)
        {
            shard.Gate.Enter();
            shard.Gate.Exit();
        }
    }

    private long Leave(AreaState state)
    {
        state.Owner = AttachEpoch.None;
        WaitForFormerOwner();
        return 0;
    }

    // Nobody may store while it is emptied: it belongs to an epoch that nobody has.
    private long Drop(AreaId area, AreaState state)
    {
        Own(state, NextEpoch(state), string.Empty, SessionToken.Create());
        long pages = Empty(area, state);
        Leave(state);
        return pages;
    }

    private long Empty(AreaId area, AreaState state)
    {
        state.HasLostPages = false;
        return store.InvalidateArea(tenant, area, epoch: state.Owner).Pages;
    }

    // What the slots have seen is of no use any more: all that could come late is of an epoch that is fenced.
    private void Forget(AreaId area, AreaState state)
    {
        foreach (Shard shard in tenant.Shards)
        {
            lock (shard.Gate)
            {
                shard.Index.Forget(area);
            }
        }

        state.ForgetNewest();
    }

    private static AttachResult Answer(AttachOutcome outcome, AreaState state) =>
        new(outcome, state.Owner, state.Newest, state.HasLostPages, string.Empty, TimeSpan.Zero);

    private static AttachResult Refused(AttachOutcome outcome, AreaState state) =>
        new(outcome, default, default, HasLostPages: false, state.Holder, state.SilentFor);
}
