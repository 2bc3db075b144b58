using CsCheck;
using Xunit;

namespace RemoteSwap.Store.Tests.Fairness;

/// <summary>The shrinker at work: ahead of the limit, several writes at once, and nobody out of its
/// guarantee.</summary>
public sealed class ShrinkerTests
{
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(60);

    private static readonly Gen<(int Guarantee, int Weight)[]> Tenants =
        Gen.Select(Gen.Int[0, 60], Gen.Int[1, 300]).Array[2, 6];

    private static readonly Gen<(int Kind, int Tenant, int Slot)[]> Operations =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 5], Gen.Int[0, 400]).Array[600];

    [Fact]
    public void Nobody_is_reclaimed_below_its_guarantee_and_none_within_it_is_refused() =>
        Gen.Select(Tenants, Operations).Sample(
            drawn => RunFlood(drawn.Item1, drawn.Item2), iter: 60, threads: 1);

    // A fixed sample, for the canaries.
    [Fact]
    public void A_fixed_flood_takes_nothing_that_is_guaranteed()
    {
        Random random = new(20131109);
        for (int run = 0; run < 8; run++)
        {
            RunFlood(
                [.. Enumerable.Range(0, 4).Select(_ => (random.Next(60), 1 + random.Next(300)))],
                [.. Enumerable.Range(0, 600).Select(_ => (random.Next(100), random.Next(4), random.Next(400)))]);
        }
    }

    [Fact]
    public async Task A_server_near_its_limit_is_shrunk_before_a_store_is_refused()
    {
        using FairStore rig = new(2000, new TenantOptions { LimitBytes = FairStore.Bytes(4000) });
        using CancellationTokenSource stop = new();
        Task shrinking = rig.Store.Shrinker.RunAsync(stop.Token);
        for (ulong slot = 0; slot < 8000; slot++)
        {
            Assert.Equal(StoreOutcome.Stored, rig.Put(0, slot));
            while (rig.Store.Budget.NeedsShrinking)
            {
                await Task.Yield();
            }
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shrinking);
        Assert.Equal(0, rig.Figures(0).PoolLimitHit);
        Assert.True(rig.Figures(0).ServerLimitFrames > 5000);
        Assert.Equal(rig.Figures(0).ReclaimedFrames, rig.Figures(0).ServerLimitFrames);
    }

    [Fact]
    public async Task Several_steps_are_written_at_once_and_no_more_than_are_needed()
    {
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int writing = 0;
        using FairStore rig = new(1000, new TenantOptions(), new TenantOptions());
        rig.Target.DuringWrite = () =>
        {
            if (Interlocked.Increment(ref writing) == StepsInFlight.Max)
            {
                goOn.SetResult();
            }

            return goOn.Task;
        };
        Fill(rig, frames: 1000);

        long freed = await rig.Store.Shrinker.ShrinkAsync(CancellationToken.None).AsTask().WaitAsync(s_liveness);

        Assert.InRange(freed, 95, 105);
        Assert.Equal(4, StepsInFlight.Max);
    }

    // What a tenant empties by itself while its frames are being written counts too.
    [Fact]
    public async Task A_tenant_that_empties_slots_during_a_write_keeps_its_guarantee()
    {
        using FairStore rig = new(
            1000,
            new TenantOptions { Shards = 1, GuaranteeBytes = FairStore.Bytes(300) },
            new TenantOptions());
        for (ulong slot = 0; slot < 400; slot++)
        {
            Assert.Equal(StoreOutcome.Stored, rig.Put(0, slot));
        }

        rig.Store.Tenants[1].SetLimits(new TenantLimits { Weight = Tenant.MaxWeight });

        Fill(rig, frames: 1000, tenant: 1);
        bool emptied = false;
        rig.Target.DuringWrite = () =>
        {
            for (ulong slot = 399; slot > 300 && !emptied; slot--)
            {
                rig.Forget(0, slot);
            }

            emptied = true;
            return Task.CompletedTask;
        };

        await rig.Store.Shrinker.ShrinkAsync(CancellationToken.None);

        Assert.True(emptied, "nothing of it was written");
        Assert.InRange(rig.Used(0), 300, 400);
    }

    [Fact]
    public async Task A_round_without_a_place_to_write_to_ends()
    {
        using FairStore rig = new(400, new TenantOptions(), new TenantOptions());
        Fill(rig, frames: 400);
        rig.Target.FailWrites = true;

        long freed = await rig.Store.Shrinker.ShrinkAsync(CancellationToken.None).AsTask().WaitAsync(s_liveness);

        Assert.Equal(0, freed);
        Assert.InRange(rig.Figures(0).ReclaimFail, Shrinker.MaxRetries, 20_000);
        rig.Target.FailWrites = false;
        Assert.True(await rig.Store.Shrinker.ShrinkAsync(CancellationToken.None) > 0);
    }

    private static void Fill(FairStore rig, long frames, int tenant = 0)
    {
        for (ulong slot = 0; rig.Store.Arena.FramesInUse < frames && rig.Put(tenant, slot) == StoreOutcome.Stored;)
        {
            slot++;
        }
    }

    private static void RunFlood((int Guarantee, int Weight)[] tenants, (int Kind, int Tenant, int Slot)[] operations)
    {
        using FairStore rig = new(
            500,
            [
                .. tenants.Select(row => new TenantOptions
                {
                    Shards = 2,
                    GuaranteeBytes = FairStore.Bytes(row.Guarantee),
                    Weight = row.Weight,
                }),
            ]);
        foreach ((int kind, int drawn, int slot) in operations)
        {
            // One floods, the others are drawn.
            int tenant = kind < 55 ? 0 : drawn % tenants.Length;
            bool within = rig.Used(tenant) + 5 <= tenants[tenant].Guarantee;
            if (kind < 85)
            {
                // A flood comes in runs.
                for (int page = 0; page < (tenant == 0 ? 16 : 1); page++)
                {
                    StoreOutcome outcome = rig.Put(tenant, (ulong)(slot + (page * 7)));
                    Assert.True(outcome == StoreOutcome.Stored || !within, $"{outcome} within a guarantee");
                    within = false;
                }
            }
            else if (kind < 95)
            {
                rig.Forget(tenant, (ulong)slot);
            }
            else
            {
                AssertShrinks(rig, tenants);
            }
        }

        AssertShrinks(rig, tenants);
    }

    private static void AssertShrinks(FairStore rig, (int Guarantee, int Weight)[] tenants)
    {
        long[] before = [.. tenants.Select((_, tenant) => rig.Figures(tenant).ReclaimedFrames)];
        bool needed = rig.Store.Budget.NeedsShrinking;

        rig.Store.Shrinker.ShrinkAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

        for (int tenant = 0; tenant < tenants.Length; tenant++)
        {
            bool gave = rig.Figures(tenant).ReclaimedFrames > before[tenant];
            Assert.True(!gave || rig.Used(tenant) >= tenants[tenant].Guarantee, "reclaimed below its guarantee");
        }

        Assert.True(!needed || rig.Store.Budget.ChargedFrames <= rig.Store.Budget.Gate.StopFrames, "not shrunk");
        Assert.Equal(
            rig.Store.Tenants.Sum(tenant => Math.Max(tenant.Budget.GuaranteedFrames, tenant.Budget.UsedFrames)),
            rig.Store.Budget.ChargedFrames);
    }
}
