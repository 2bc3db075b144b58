using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Quotas;

/// <summary>Quotas as who carries out calls meets them.</summary>
public sealed class QuotaAccountTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_burst_passes_and_what_follows_pauses_for_its_rate()
    {
        QuotaAccount account = new(new TenantQuotas { CallsPerSecond = 10, CallBurst = 5 }, _time);
        for (int call = 0; call < 5; call++)
        {
            Assert.Equal(TimeSpan.Zero, Begin(account));
        }

        Assert.Equal(100, Begin(account).TotalMilliseconds, 1.0);
        Assert.Equal(200, Begin(account).TotalMilliseconds, 1.0);
        _time.Advance(TimeSpan.FromSeconds(0.7));
        Assert.Equal(TimeSpan.Zero, Begin(account, calls: 5));
        Assert.True(Begin(account) > TimeSpan.Zero);

        // However long it has rested.
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, Begin(account, calls: 5));
        Assert.Equal(100, Begin(account).TotalMilliseconds, 1.0);
        Assert.Equal(4, account.Figures.Pauses);
    }

    [Fact]
    public void Who_is_too_far_ahead_is_told_how_far_and_pays_nothing_for_it()
    {
        QuotaAccount account = new(new TenantQuotas { CallsPerSecond = 10, CallBurst = 1 }, _time);
        int taken = 0;
        QuotaRefusal refusal;
        while (account.TryBegin(1, out _, out refusal))
        {
            account.End(1);
            taken++;
        }

        Assert.Equal(1 + (10 * (int)QuotaAccount.LongestPause.TotalSeconds), taken);
        Assert.Equal((QuotaKind.CallRate, 10L, 51L, 1L), (refusal.Kind, refusal.Limit, refusal.Used, refusal.Asked));
        Assert.InRange(refusal.RetryAfter, TimeSpan.FromMilliseconds(99), TimeSpan.FromMilliseconds(101));
        Assert.False(account.TryBegin(1, out _, out _));
        _time.Advance(TimeSpan.FromMilliseconds(101));
        Assert.True(account.TryBegin(1, out _, out _));
        Assert.Equal((2L, 1L), (account.Figures.CallsRefused, account.Figures.InFlightBytes));
    }

    [Fact]
    public void Bytes_have_a_rate_of_their_own_and_a_refusal_for_them_is_no_call()
    {
        QuotaAccount account = new(
            new TenantQuotas { CallsPerSecond = 1000, CallBurst = 3, BytesPerSecond = 1 << 20 }, _time);
        Assert.Equal(TimeSpan.Zero, Begin(account, bytes: 1 << 20));
        Assert.Equal(1, Begin(account, bytes: 1 << 20).TotalSeconds, 0.01);
        Assert.False(account.TryBegin(8 << 20, out _, out QuotaRefusal refusal));
        Assert.Equal((QuotaKind.ByteRate, 8L << 20), (refusal.Kind, refusal.Asked));
        Assert.Equal((1L, 0L), (account.Figures.BytesRefused, account.Figures.CallsRefused));

        // Two calls of three were carried out.
        account.Quotas = account.Quotas with { BytesPerSecond = 0 };
        Assert.Equal(TimeSpan.Zero, Begin(account));
        Assert.True(Begin(account) > TimeSpan.Zero);
    }

    [Fact]
    public void Bytes_under_way_are_bounded_and_a_lone_call_is_let_in_however_large()
    {
        QuotaAccount account = new(new TenantQuotas { InFlightBytes = 1000 }, _time);
        Assert.True(account.TryBegin(4000, out _, out _));
        Assert.False(account.TryBegin(1, out _, out QuotaRefusal refusal));
        Assert.Equal(
            (QuotaKind.InFlightBytes, 1000L, 4000L, 1L),
            (refusal.Kind, refusal.Limit, refusal.Used, refusal.Asked));
        account.End(4000);
        Assert.True(account.TryBegin(600, out _, out _));
        Assert.False(account.TryBegin(401, out _, out _));
        Assert.True(account.TryBegin(400, out _, out _));
        Assert.Equal((1000L, 2L), (account.Figures.InFlightBytes, account.Figures.InFlightRefused));
    }

    [Fact]
    public void Streams_are_counted_and_a_quota_may_be_lifted()
    {
        QuotaAccount account = new(new TenantQuotas { Streams = 1 }, _time);
        Assert.True(account.TryBeginStream(out _));
        Assert.False(account.TryBeginStream(out QuotaRefusal refusal));
        Assert.Equal((QuotaKind.Streams, 1L, 1L, 1L), (refusal.Kind, refusal.Limit, refusal.Used, refusal.Asked));
        account.Quotas = TenantQuotas.None;
        Assert.True(account.TryBeginStream(out _));
        account.EndStream();
        account.EndStream();
        Assert.Equal((0L, 1L), (account.Figures.Streams, account.Figures.StreamsRefused));
    }

    [Fact]
    public void Threads_together_take_no_more_than_the_rate_gives()
    {
        QuotaAccount account = new(new TenantQuotas { CallsPerSecond = 1000, CallBurst = 1 }, _time);
        long taken = 0;
        Parallel.For(0, 4, _ =>
        {
            for (int call = 0; call < 3000; call++)
            {
                if (account.TryBegin(10, out TimeSpan _, out QuotaRefusal _))
                {
                    Interlocked.Increment(ref taken);
                    account.End(10);
                }
            }
        });
        Assert.Equal(1 + (1000 * (long)QuotaAccount.LongestPause.TotalSeconds), taken);
        Assert.Equal(0, account.Figures.InFlightBytes);
    }

    [Fact]
    public void A_tenant_with_all_its_pages_may_replace_them_and_add_none()
    {
        using StoreRig rig = new(
            tenantA: new TenantOptions { Shards = 2, Quotas = new TenantQuotas { Pages = 10 } });
        for (ulong slot = 0; slot < 10; slot++)
        {
            Assert.Equal(StoreOutcome.Stored, rig.Put(slot, Zpages.Make((int)slot, 500), generation: 1));
        }

        Assert.Equal(StoreOutcome.PageQuota, rig.Put(10, Zpages.Make(10, 500), generation: 1));
        Assert.Equal(StoreOutcome.PageQuota, rig.Put(11, new byte[8], generation: 1));
        Assert.Equal(LoadOutcome.NotFound, rig.Get(10).Outcome);
        byte[] newer = Zpages.Make(77, 900);
        Assert.Equal(StoreOutcome.Stored, rig.Put(3, newer, generation: 2));
        Assert.Equal(newer, rig.Get(3).Zpage);
        Assert.Equal(StoreOutcome.Stored, rig.Put(0, Zpages.Make(1, 500), tenant: rig.TenantB));
        rig.Forget(0);
        Assert.Equal(StoreOutcome.Stored, rig.Put(10, Zpages.Make(10, 500), generation: 2));
        Assert.Equal((10L, 2L), (rig.Figures().StoredPages, rig.Figures().RejectPageQuota));
        Assert.Equal(StoreOutcome.PageQuota, Assert.Single(rig.Store.Refusals.Latest()).Cause);
        rig.AssertClean(deep: true);
    }

    [Fact]
    public void Areas_with_owners_are_bounded_and_one_that_leaves_makes_room()
    {
        using StoreRig rig = new(tenantA: new TenantOptions { Quotas = new TenantQuotas { Areas = 1 } });
        AttachTerms terms = new() { Mode = AttachMode.Exclusive, Token = SessionToken.Create() };
        AttachResult first = AreaOwners.Attach(rig.TenantA, new AreaId(0), terms);
        Assert.Equal(AttachOutcome.Attached, first.Outcome);
        AttachTerms other = terms with { Token = SessionToken.Create() };
        Assert.Equal(
            AttachOutcome.AreaQuota, AreaOwners.Attach(rig.TenantA, new AreaId(1), other).Outcome);

        // Its own area may change hands, and be asked for again.
        Assert.Equal(AttachOutcome.Attached, AreaOwners.Attach(rig.TenantA, new AreaId(0), terms).Outcome);
        first = AreaOwners.Attach(rig.TenantA, new AreaId(0), other with { Mode = AttachMode.TakeOver });
        Assert.Equal(AttachOutcome.Attached, first.Outcome);
        Assert.NotNull(AreaOwners.Detach(rig.TenantA, new AreaId(0), first.Epoch, keepPages: false));
        Assert.Equal(
            AttachOutcome.Attached,
            AreaOwners.Attach(rig.TenantA, new AreaId(1), terms with { Token = SessionToken.Create() }).Outcome);
        Assert.Equal(1, rig.Figures().Quota.AreasRefused);
    }

    // The longest pause of so many calls.
    private static TimeSpan Begin(QuotaAccount account, long bytes = 1, int calls = 1)
    {
        TimeSpan longest = TimeSpan.Zero;
        for (int call = 0; call < calls; call++)
        {
            Assert.True(account.TryBegin(bytes, out TimeSpan pause, out _));
            account.End(bytes);
            longest = pause > longest ? pause : longest;
        }

        return longest;
    }
}
