using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Areas;

/// <summary>Attaching, leaving, coming back, and what becomes of an area that nobody comes back to.</summary>
public sealed class SessionTests
{
    private static readonly AreaId s_area = new(1);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    [Fact]
    public void An_area_has_one_owner_and_a_second_one_is_told_who_it_is()
    {
        using StoreRig rig = new();
        AttachResult first = Attach(rig, AttachMode.Exclusive, "vm 7");
        AttachResult second = Attach(rig, AttachMode.Exclusive, "vm 8");

        Assert.Equal(AttachOutcome.Attached, first.Outcome);
        Assert.Equal((AttachOutcome.Held, "vm 7"), (second.Outcome, second.Holder));
        AttachResult third = Attach(rig, AttachMode.TakeOver, "vm 8");
        Assert.True(third.Epoch.IsNewerThan(first.Epoch));
        Assert.Null(AreaOwners.Detach(rig.TenantA, s_area, first.Epoch, keepPages: false));
        Assert.False(AreaOwners.KeepAlive(rig.TenantA, s_area, first.Epoch));
        Assert.True(AreaOwners.KeepAlive(rig.TenantA, s_area, third.Epoch));
    }

    [Fact]
    public void An_attach_that_comes_twice_is_one()
    {
        using StoreRig rig = new();
        AttachTerms terms = new() { Mode = AttachMode.Exclusive, Token = SessionToken.Create() };
        AttachResult first = AreaOwners.Attach(rig.TenantA, s_area, terms);
        AttachResult again = AreaOwners.Attach(rig.TenantA, s_area, terms);

        Assert.Equal((AttachOutcome.Attached, first.Epoch), (again.Outcome, again.Epoch));
        AttachTerms resume = Resume(rig, terms.Token, first.Epoch);
        AttachResult resumed = AreaOwners.Attach(rig.TenantA, s_area, resume);
        Assert.True(resumed.Epoch.IsNewerThan(first.Epoch));
        Assert.Equal(resumed.Epoch, AreaOwners.Attach(rig.TenantA, s_area, resume).Epoch);
    }

    [Fact]
    public void A_late_copy_of_an_attach_takes_the_area_from_nobody()
    {
        using StoreRig rig = new();
        AttachTerms former = new() { Mode = AttachMode.TakeOver, Token = SessionToken.Create() };
        AreaOwners.Attach(rig.TenantA, s_area, former);
        AttachResult owner = Attach(rig, AttachMode.TakeOver, "vm 8");

        AttachResult late = AreaOwners.Attach(rig.TenantA, s_area, former);

        Assert.Equal((AttachOutcome.Fenced, "vm 8"), (late.Outcome, late.Holder));
        Assert.True(AreaOwners.KeepAlive(rig.TenantA, s_area, owner.Epoch));
        Assert.NotNull(AreaOwners.Detach(rig.TenantA, s_area, owner.Epoch, keepPages: false));
        Assert.Equal(AttachOutcome.Fenced, AreaOwners.Attach(rig.TenantA, s_area, former).Outcome);
        Assert.Equal(AttachOutcome.Attached, Attach(rig, AttachMode.Exclusive, "vm 9").Outcome);
    }

    [Fact]
    public void Nobody_resumes_a_session_without_its_token()
    {
        using StoreRig rig = new();
        AttachResult first = Attach(rig, AttachMode.Exclusive);

        AttachResult thief = AreaOwners.Attach(rig.TenantA, s_area, Resume(rig, SessionToken.Create(), first.Epoch));

        Assert.Equal(AttachOutcome.WrongToken, thief.Outcome);
        Assert.True(AreaOwners.KeepAlive(rig.TenantA, s_area, first.Epoch));
    }

    // As `remoteswap doctor` asks, to be told the lease.
    [Fact]
    public void Who_never_had_a_session_resumes_none_and_takes_nothing_from_who_has_pages_without_one()
    {
        using StoreRig rig = new();
        Assert.Equal(StoreOutcome.Stored, Put(rig, 3, AttachEpoch.None));
        AttachTerms nobody = new()
        {
            Mode = AttachMode.Resume,
            Token = SessionToken.Create(),
            Attempt = SessionToken.Create(),
        };

        Assert.Equal(AttachOutcome.Fenced, AreaOwners.Attach(rig.TenantA, s_area, nobody).Outcome);

        Assert.Equal(LoadOutcome.Loaded, Load(rig, 3, AttachEpoch.None));
        Assert.Equal(AttachOutcome.Attached, Attach(rig, AttachMode.Exclusive, "vm 7").Outcome);
    }

    [Fact]
    public async Task A_session_of_an_earlier_server_goes_on_without_its_pages()
    {
        SessionToken token = SessionToken.Create();
        AttachTerms attach = new() { Mode = AttachMode.Exclusive, Token = token };
        using StoreRig old = new();
        AttachResult first = AreaOwners.Attach(old.TenantA, s_area, attach);
        AttachTerms resume = Resume(old, token, first.Epoch);
        await Task.Delay(2);
        using StoreRig rig = new();

        AttachResult resumed = AreaOwners.Attach(rig.TenantA, s_area, resume);

        Assert.Equal((AttachOutcome.Resumed, true), (resumed.Outcome, resumed.HasLostPages));
        Assert.True(resumed.Epoch.IsNewerThan(first.Epoch));
        Assert.Equal(LoadOutcome.Lost, Load(rig, 5, resumed.Epoch));
        rig.Store.Invalidate(rig.TenantA, s_area, new Slot(5), new Generation(9), epoch: resumed.Epoch);
        Assert.Equal(LoadOutcome.Lost, Load(rig, 6, resumed.Epoch));

        // Who owned it before that one does not get it back.
        Assert.Equal(
            AttachOutcome.Fenced,
            AreaOwners.Attach(rig.TenantA, s_area, resume with { Epoch = new(first.Epoch.Value - 1) }).Outcome);
    }

    [Fact]
    public void An_abandoned_area_is_an_orphan_and_then_free()
    {
        using StoreRig rig = new();
        AttachResult owner = Attach(rig, AttachMode.Exclusive, "gone");
        StoreOutcome stored = Put(rig, 3, owner.Epoch);
        Assert.Equal(StoreOutcome.Stored, stored);
        int lease = (int)rig.Store.Options.Lease.TotalSeconds;
        for (int second = 0; second <= lease + 1; second++)
        {
            rig.Store.Owners.Sweep(s_look);
        }

        AreaReport orphan = Assert.Single(AreaOwners.List(rig.TenantA));
        Assert.Equal(("gone", 1L), (orphan.Holder, orphan.Pages));
        Assert.NotNull(orphan.FreedIn);

        // It comes back in time, and is none any more.
        Assert.True(AreaOwners.KeepAlive(rig.TenantA, s_area, owner.Epoch));
        rig.Store.Owners.Sweep(s_look);
        Assert.Null(Assert.Single(AreaOwners.List(rig.TenantA)).FreedIn);

        for (int second = 0; second <= lease + (int)rig.Store.Options.AbandonedFor.TotalSeconds + 1; second++)
        {
            rig.Store.Owners.Sweep(s_look);
        }

        Assert.Empty(AreaOwners.List(rig.TenantA));
        Assert.Equal(0, rig.Figures().StoredPages);
        Assert.Equal(StoreOutcome.Fenced, Put(rig, 3, owner.Epoch));

        // Whoever takes it over expects what was there; whoever begins anew begins empty.
        Assert.Equal(LoadOutcome.Lost, Load(rig, 3, Attach(rig, AttachMode.TakeOver).Epoch));
        AttachResult last = Attach(rig, AttachMode.TakeOver);
        Assert.True(last.HasLostPages);
        AreaOwners.Detach(rig.TenantA, s_area, last.Epoch, keepPages: false);
        Assert.Equal(LoadOutcome.NotFound, Load(rig, 3, Attach(rig, AttachMode.Exclusive).Epoch));
    }

    [Fact]
    public void Leaving_drops_the_pages_unless_they_are_to_stay()
    {
        using StoreRig rig = new();
        AttachResult owner = Attach(rig, AttachMode.Exclusive);
        Put(rig, 3, owner.Epoch);
        Assert.Equal(0L, AreaOwners.Detach(rig.TenantA, s_area, owner.Epoch, keepPages: true));
        Assert.Equal(LoadOutcome.Loaded, Load(rig, 3, default));

        AttachResult next = Attach(rig, AttachMode.Exclusive);
        Assert.Equal(LoadOutcome.Fenced, Load(rig, 3, default));
        Assert.Equal(1L, AreaOwners.Detach(rig.TenantA, s_area, next.Epoch, keepPages: false));
        Assert.Equal(LoadOutcome.NotFound, Load(rig, 3, default));
        rig.AssertEmpty();
    }

    // B23 the other way round: the invalidation came first, and by a range.
    [Fact]
    public void A_store_that_is_overtaken_by_its_invalidation_has_no_effect()
    {
        using StoreRig rig = new();
        rig.Store.InvalidateRange(rig.TenantA, default, new Slot(100), 40_000, new Generation(9));
        rig.Forget(50_000, generation: 9);

        Assert.Equal(StoreOutcome.Stale, rig.Put(300, Zpages.Make(1, 500), generation: 8));
        Assert.Equal(StoreOutcome.Stale, rig.Put(50_000, Zpages.Make(1, 500), generation: 8));
        Assert.Equal(0, rig.Figures().StoredPages);
    }

    // What a refusal took is known to who was refused; a next life of that client must not take it for empty.
    [Fact]
    public void A_page_that_went_with_a_refused_store_is_not_forgotten()
    {
        using StoreRig rig = new();
        AttachResult owner = Attach(rig, AttachMode.Exclusive);
        Put(rig, 3, owner.Epoch);
        Assert.False(Attach(rig, AttachMode.TakeOver).HasLostPages);
        owner = Attach(rig, AttachMode.TakeOver);
        rig.TenantA.IsEnabled = false;
        Assert.Equal(StoreOutcome.Disabled, Put(rig, 3, owner.Epoch, generation: 2));

        Assert.True(Attach(rig, AttachMode.TakeOver).HasLostPages);
    }

    private static AttachTerms Resume(StoreRig rig, SessionToken token, AttachEpoch epoch) => new()
    {
        Mode = AttachMode.Resume,
        Token = token,
        Attempt = SessionToken.Create(),
        Epoch = epoch,
        Incarnation = rig.Store.Incarnation,
    };

    private static AttachResult Attach(StoreRig rig, AttachMode mode, string holder = "") => AreaOwners.Attach(
        rig.TenantA, s_area, new AttachTerms { Mode = mode, Token = SessionToken.Create(), Holder = holder });

    private static StoreOutcome Put(StoreRig rig, ulong slot, AttachEpoch epoch, ulong generation = 1) =>
        StoreRig.PutOne(
            rig.Store, rig.TenantA, slot, Zpages.Make((int)slot, 500), generation, s_area.Value, epoch);

    private static LoadOutcome Load(StoreRig rig, ulong slot, AttachEpoch epoch)
    {
        LoadBatch batch = new() { Area = s_area, Epoch = epoch, Count = 1 };
        batch.Slots[0] = slot;
        Assert.True(rig.Store.Load(rig.TenantA, batch));
        return batch.Outcomes[0];
    }
}
