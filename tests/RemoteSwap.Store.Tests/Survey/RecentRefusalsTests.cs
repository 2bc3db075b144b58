using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Survey;

public sealed class RecentRefusalsTests
{
    private readonly SetTime _time = new();

    [Fact]
    public void A_storm_is_one_line_and_ends_with_a_pause()
    {
        RecentRefusals refusals = new(_time);
        for (int second = 0; second < 60; second++)
        {
            refusals.Note("a", [StoreOutcome.Stored, StoreOutcome.TenantLimit, StoreOutcome.TenantLimit]);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        RefusedPages storm = Assert.Single(refusals.Latest());
        Assert.Equal(120, storm.Pages);
        Assert.Equal(TimeSpan.FromSeconds(59), storm.Last - storm.First);

        _time.Advance(RecentRefusals.Pause);
        refusals.Note("a", [StoreOutcome.TenantLimit]);
        Assert.Equal([1, 120], refusals.Latest().Select(line => line.Pages));
    }

    [Fact]
    public void Tenants_and_causes_are_told_apart_and_what_was_not_refused_is_left_out()
    {
        RecentRefusals refusals = new(_time);
        refusals.Note(
            "a", [StoreOutcome.Disabled, StoreOutcome.PoolLimit, StoreOutcome.Stale, StoreOutcome.BatchAborted]);
        refusals.Note("b", [StoreOutcome.PoolLimit]);
        refusals.Note("a", [StoreOutcome.PoolLimit]);

        Assert.Equal(
            [("a", StoreOutcome.PoolLimit, 2), ("a", StoreOutcome.Disabled, 1), ("b", StoreOutcome.PoolLimit, 1)],
            refusals.Latest().Select(line => (line.Tenant, line.Cause, line.Pages)).Order());
    }

    [Fact]
    public void Only_the_last_lines_are_kept()
    {
        RecentRefusals refusals = new(_time);
        for (int tenant = 0; tenant < RecentRefusals.MaxLines + 10; tenant++)
        {
            refusals.Note($"t{tenant}", [StoreOutcome.Disabled]);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(
            Enumerable.Range(10, RecentRefusals.MaxLines).Reverse().Select(tenant => $"t{tenant}"),
            refusals.Latest().Select(line => line.Tenant));
    }

    [Fact]
    public void A_store_that_is_refused_is_noted_and_one_that_is_taken_is_not()
    {
        using StoreRig rig = new(tenantA: new TenantOptions { Shards = 2, Enabled = false });
        Assert.Equal(StoreOutcome.Stored, rig.Put(1, Zpages.Make(1, 1000), tenant: rig.TenantB));
        Assert.Empty(rig.Store.Refusals.Latest());

        Assert.Equal(StoreOutcome.Disabled, rig.Put(1, Zpages.Make(1, 1000)));
        rig.PutAll(allOrNothing: true, (2, Zpages.Make(2, 500)), (3, Zpages.Make(3, 500)));

        RefusedPages line = Assert.Single(rig.Store.Refusals.Latest());
        Assert.Equal((StoreRig.A, StoreOutcome.Disabled, 3), (line.Tenant, line.Cause, line.Pages));
    }

    private sealed class SetTime : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan time) => _now += time;
    }
}
