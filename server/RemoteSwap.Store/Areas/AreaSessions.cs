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
/// A session outlives its client and its server. Whoever resumes it gets a new epoch, so that whatever its former life
/// has under way is fenced, and so is whatever was on its way to an earlier incarnation. There the pages are gone, and
/// until a slot is stored or invalidated it is lost and not empty. An attach that comes again (its answer was lost, or
/// a copy of it was late) changes nothing.
/// </para>
/// <para>
/// Where the server has a state folder, every change is in its book before it is true, so what a client was told holds
/// in the next life too: who was fenced stays fenced. A change that cannot be written does not happen.
/// </para>
/// <para>
/// An owner's silence is counted in looks (<see cref="Sweep"/>), not by the clock: while the server itself stands still
/// no client can be heard, and none must pay for that.
/// </para>
/// <para>
/// Lock: one for the sessions of a tenant, rank 0: shards' locks are taken inside it, the book is written and areas are
/// emptied inside it, so that whoever attaches next finds them empty.
/// </para>
/// </summary>
internal sealed class AreaSessions(PageStore store, Tenant tenant)
{
    private readonly StoreOptions _options = store.Options;
    private readonly Lock _gate = new();

    // How long an owner may be silent before its pages are dropped.
    private TimeSpan Kept => _options.Lease + _options.AbandonedFor;

    /// <summary>Attaches to an area.</summary>
    public AttachResult Attach(AreaId area, AttachTerms terms)
    {
        lock (_gate)
        {
            AreaState state = tenant.Areas[area];
            if (state.Owner.IsNone && terms.Mode != AttachMode.Resume && !HasRoomForArea())
            {
                return Refused(AttachOutcome.AreaQuota, state);
            }

            return terms.Mode == AttachMode.Resume ? Resume(area, state, terms) : Begin(area, state, terms);
        }
    }

    /// <summary>Notes a sign of life.</summary>
    /// <returns>Whether it is the owner's.</returns>
    public bool KeepAlive(AreaId area, AttachEpoch epoch) =>
        AreaClaim.Of(tenant, area, epoch).IsCurrent && !epoch.IsNone;

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

            return keepPages ? Leave(area, state) : Drop(area, state);
        }
    }

    /// <summary>Looks once at all owners, and drops what has been abandoned for too long.</summary>
    /// <param name="interval">The time between two looks.</param>
    public void Sweep(TimeSpan interval)
    {
        lock (_gate)
        {
            List<(AreaId Area, AreaState State)> abandoned = [];
            foreach ((AreaId area, AreaState state) in tenant.Areas.All())
            {
                state.SilentFor = state.WasHeard || state.Owner.IsNone ? TimeSpan.Zero : state.SilentFor + interval;
                state.WasHeard = false;
                if (state.SilentFor > Kept)
                {
                    abandoned.Add((area, state));
                }
            }

            foreach ((AreaId area, AreaState state) in abandoned)
            {
                Drop(area, state, isAbandoned: true);
            }
        }
    }

    /// <summary>Everything that is known of the areas that were ever attached to.</summary>
    public List<AreaRecord> Records()
    {
        lock (_gate)
        {
            return
            [
                .. from known in tenant.Areas.All()
                   where !known.State.LastOwner.IsNone
                   select AreaRecord.Of(tenant.Name, known.Area, known.State),
            ];
        }
    }

    /// <summary>
    /// Ends what the last life was about when it ended: an area that was being emptied is empty. Before anything is
    /// served, and before the book is begun.
    /// </summary>
    public void EndEmptying()
    {
        lock (_gate)
        {
            foreach ((AreaId area, AreaState state) in tenant.Areas.All())
            {
                if (state.IsBeingEmptied)
                {
                    store.InvalidateArea(tenant, area, epoch: state.Owner);
                    state.IsBeingEmptied = false;
                }
            }
        }
    }

    /// <summary>Opens the way to hand pages to an area's owner. One that was open is replaced.</summary>
    /// <returns>The way; null: the epoch is not the owner's.</returns>
    public EvictionOutlet? OpenOutlet(AreaId area, AttachEpoch epoch)
    {
        lock (_gate)
        {
            AreaState state = tenant.Areas[area];
            if (epoch.IsNone || state.Owner != epoch)
            {
                return null;
            }

            state.CloseOutlet(EvictionEnd.Replaced);
            EvictionOutlet outlet = new(tenant, new AreaClaim(state, epoch));
            state.Outlet = outlet;
            return outlet;
        }
    }

    /// <summary>Counts the areas that have an owner. Takes no lock: one may come or go meanwhile.</summary>
    public (int Attached, int Orphans) Count() => tenant.Areas.CountOwned(_options.Lease);

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
                    reports.Add(new AreaReport(
                        area,
                        state.Holder,
                        state.Owner,
                        state.SilentFor,
                        state.SilentFor > _options.Lease ? Kept - state.SilentFor : null,
                        PageListing.Count(tenant, area)));
                }
            }
        }

        return reports;
    }

    private bool HasRoomForArea()
    {
        (int attached, int orphans) = Count();
        return tenant.Quotas.HasRoomForArea(attached + orphans, out _);
    }

    private AttachResult Begin(AreaId area, AreaState state, AttachTerms terms)
    {
        if (IsOwners(state, terms))
        {
            // The attach again, whose answer was lost.
            EndEmptying(area, state);
            return Answer(AttachOutcome.Attached, state);
        }

        if (state.Former.Contains(terms.Token))
        {
            // A late copy of an attach: whoever sent it has owned the area meanwhile, and lost it.
            return Refused(AttachOutcome.Fenced, state);
        }

        if (terms.Mode == AttachMode.Exclusive && !state.Owner.IsNone)
        {
            return Refused(AttachOutcome.Held, state);
        }

        // Whoever begins where nobody is begins empty; whoever takes over expects what was there.
        bool beginsEmpty = state.WasAbandoned && terms.Mode == AttachMode.Exclusive;
        Own(area, state, OwnedBy(area, state, terms) with
        {
            HasLostPages = state.HasLostPages && !beginsEmpty && !terms.DiscardsPages,
            WasAbandoned = false,
            ResumedFrom = AttachEpoch.None,
            ReinstatedFrom = AttachEpoch.None,
            IsBeingEmptied = terms.DiscardsPages,
        });
        if (terms.DiscardsPages)
        {
            EndEmptying(area, state);
        }
        else if (terms.Incarnation.Value != 0 && terms.Incarnation != store.Incarnation)
        {
            state.HasLostPages = true;
        }

        return Answer(AttachOutcome.Attached, state);
    }

    private AttachResult Resume(AreaId area, AreaState state, AttachTerms terms)
    {
        bool isOwners = IsOwners(state, terms);
        if (isOwners && state.ResumedFrom == terms.Epoch && state.Attempt == terms.Attempt)
        {
            EndEmptying(area, state);
            return Answer(AttachOutcome.Resumed, state);
        }

        // The owner; or the owner's next life, which never learned what its former one had been given; or the owner of
        // a life of the server that ended with a crash.
        bool isKnown = state.Owner == terms.Epoch || state.ResumedFrom == terms.Epoch
            || state.FormerOwner == terms.Epoch;
        if (isOwners && isKnown && !terms.Epoch.IsNone)
        {
            Own(area, state, OwnedBy(area, state, terms) with { ResumedFrom = terms.Epoch });
            EndEmptying(area, state);
            return Answer(AttachOutcome.Resumed, state);
        }

        return state.Owner == terms.Epoch && !terms.Epoch.IsNone
            ? Refused(AttachOutcome.WrongToken, state)
            : Reinstate(area, state, terms);
    }

    // A session of an earlier incarnation, if nobody who came after it has been here. Who has no epoch has had none.
    private AttachResult Reinstate(AreaId area, AreaState state, AttachTerms terms)
    {
        bool isEarlier = !terms.Epoch.IsNone && terms.Incarnation != store.Incarnation
            && terms.Epoch.Value < store.Incarnation.Value;

        // A late copy of the session's own first attach may have come before it.
        bool isOwn = IsOwners(state, terms) && state.ResumedFrom.IsNone && state.ReinstatedFrom.IsNone;
        bool isNewest = state.LastOwner.IsNone || isOwn
            || (!state.ReinstatedFrom.IsNone && terms.Epoch.IsNewerThan(state.ReinstatedFrom));
        if (!isEarlier || !isNewest)
        {
            return Refused(AttachOutcome.Fenced, state);
        }

        Own(area, state, OwnedBy(area, state, terms) with
        {
            ResumedFrom = terms.Epoch,
            ReinstatedFrom = terms.Epoch,
            HasLostPages = true,
            IsBeingEmptied = true,
        });
        EndEmptying(area, state);
        return Answer(AttachOutcome.Resumed, state);
    }

    private static bool IsOwners(AreaState state, AttachTerms terms) =>
        !state.Owner.IsNone && state.Token == terms.Token;

    // The area when whoever attaches owns it.
    private AreaRecord OwnedBy(AreaId area, AreaState state, AttachTerms terms)
    {
        AttachEpoch epoch = AttachEpoch.After(store.Incarnation, state.LastOwner);
        return AreaRecord.Of(tenant.Name, area, state) with
        {
            Owner = epoch,
            LastOwner = epoch,
            FormerOwner = AttachEpoch.None,
            Holder = terms.Holder,
            Token = terms.Token,
            Attempt = terms.Attempt,
            HoldsNothing = false,
        };
    }

    private void Own(AreaId area, AreaState state, AreaRecord owned)
    {
        // (1)
        Change(state, owned);
        state.WasHeard = true;
        state.SilentFor = TimeSpan.Zero;

        // (2)
        WaitForFormerOwner();
        state.CloseOutlet(EvictionEnd.Fenced);
    }

    // What is not in the book is not true.
    private void Change(AreaState state, AreaRecord record)
    {
        store.State?.Areas.Append(record);
        state.Change(record);
    }

    private void WaitForFormerOwner()
    {
        foreach (Shard shard in tenant.Shards)
        {
            shard.Gate.Enter();
            shard.Gate.Exit();
        }

        // A batch that is all or nothing may be taking back what it stored before.
        tenant.WholeBatches.Enter();
        tenant.WholeBatches.Exit();
    }

    private long Leave(AreaId area, AreaState state, bool holdsNothing = false)
    {
        Change(state, AreaRecord.Of(tenant.Name, area, state) with
        {
            Owner = AttachEpoch.None,
            HoldsNothing = holdsNothing,
            IsBeingEmptied = false,
        });
        WaitForFormerOwner();
        state.CloseOutlet(EvictionEnd.Fenced);
        return 0;
    }

    // Empties an area for its new owner. Who asks again after it could not be written down that it is over has stored
    // nothing yet, and until it is a crash would take all that is stored for what was to go.
    private void EndEmptying(AreaId area, AreaState state)
    {
        if (state.IsBeingEmptied)
        {
            bool hasLostPages = state.HasLostPages;
            Empty(area, state);
            Forget(area, state);
            state.HasLostPages = hasLostPages;
            Change(state, AreaRecord.Of(tenant.Name, area, state) with { IsBeingEmptied = false });
        }
    }

    // Nobody may store while it is emptied: it belongs to an epoch that nobody has.
    private long Drop(AreaId area, AreaState state, bool isAbandoned = false)
    {
        bool isLost = state.HasLostPages || state.HasRefused;
        AttachTerms nobody = new() { Mode = AttachMode.TakeOver, Token = SessionToken.Create() };
        Own(area, state, OwnedBy(area, state, nobody) with { IsBeingEmptied = true });
        long pages = Empty(area, state);
        state.WasAbandoned |= isAbandoned && (pages > 0 || isLost);
        state.HasLostPages |= state.WasAbandoned;
        Leave(area, state, holdsNothing: true);
        return pages;
    }

    private long Empty(AreaId area, AreaState state)
    {
        state.HasLostPages = false;
        state.HasRefused = false;
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

    private AttachResult Answer(AttachOutcome outcome, AreaState state) =>
        new(
            outcome,
            state.Owner,
            state.Newest,
            tenant.Options.Retention != Retention.Ephemeral && (state.HasLostPages || state.HasRefused),
            string.Empty,
            TimeSpan.Zero);

    private static AttachResult Refused(AttachOutcome outcome, AreaState state) =>
        new(outcome, default, default, HasLostPages: false, state.Holder, state.SilentFor);
}
