using RemoteSwap.Pool;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Regression;

/// <summary>Bugs of accounting and of reach: what leaked, what was counted twice or for another.</summary>
public sealed class AccountingTests
{
    // B4: a device that was switched on again leaked its pool and its tree.
    [Fact]
    public void B4_a_thousand_areas_come_and_go_and_memory_is_flat()
    {
        using StoreRig rig = new();
        for (uint area = 0; area < 1000; area++)
        {
            rig.Put(area * 100_000UL, Zpages.Make((int)area, 700), area: area);
            rig.Put(5, Zpages.Make(8, 8), area: area);
            Assert.Equal(2, rig.Store.InvalidateArea(rig.TenantA, new AreaId(area)).Pages);
        }

        rig.AssertEmpty();
        Assert.Equal(0, rig.Store.Arena.FramesCommitted);
    }

    // B13: a store went on without looking at the limit again after reclaim.
    [Fact]
    public void B13_the_limit_is_never_exceeded()
    {
        const int LimitFrames = 300;
        const int Threads = 4;
        using StoreRig rig = new(tenantA: new TenantOptions
        {
            Shards = 4,
            LimitBytes = LimitFrames * FrameArena.FrameBytes,
            AcceptThresholdPercent = 100,
        });
        ulong most = 0;

        Parallel.For(0, Threads, thread =>
        {
            StoreBatch batch = new();
            byte[] zpage = Zpages.Make(thread, 3000);
            for (int i = 0; i < 400; i++)
            {
                Fill(batch, ((ulong)thread << 20) + ((ulong)i * 3000), zpage);
                rig.Store.Store(rig.TenantA, batch);
                AtomicMost.Note(ref most, (ulong)(rig.Figures().UsedBytes / FrameArena.FrameBytes));
            }
        });

        // A frame that is being refused is charged for a moment, one for each store in flight.
        Assert.InRange((long)most, LimitFrames - 2, LimitFrames + Threads);
        Assert.InRange(rig.Figures().UsedBytes / FrameArena.FrameBytes, 1, LimitFrames);
        Assert.True(rig.Figures().PoolLimitHit > 0);
        rig.AssertClean();
    }

    // B14: the global figure was the last pool's that was touched, not the sum.
    [Fact]
    public void B14_the_server_uses_what_its_tenants_use()
    {
        using StoreRig rig = new();
        for (uint i = 0; i < 50; i++)
        {
            rig.Put(i, Zpages.Make((int)i, 3000), area: i % 3);
            rig.Put(i, Zpages.Make((int)i, 1500), area: i % 5, tenant: rig.TenantB);
        }

        long a = rig.Figures().UsedBytes;
        long b = rig.Figures(rig.TenantB).UsedBytes;

        Assert.True(a > 0 && b > 0);
        Assert.Equal(a + b, rig.Store.Statistics.UsedBytes);
    }

    // B15: the whole pool was shrunk although one group only was over its limit.
    [Fact]
    public async Task B15_a_tenant_at_its_limit_reclaims_from_itself_only()
    {
        using StoreRig rig = new(
            target: new MemoryTarget(), tenantB: new TenantOptions { Shards = 1, LimitBytes = 1 << 20 });
        for (ulong slot = 0; slot < 400; slot++)
        {
            rig.Put(slot, Zpages.Make((int)slot, 3000));
            rig.Put(slot, Zpages.Make((int)slot, 3000), tenant: rig.TenantB);
        }

        Assert.True(rig.Figures(rig.TenantB).HasReachedLimit);
        await rig.Store.Shrinker.ShrinkAsync(CancellationToken.None);

        Assert.Equal(0, rig.Figures().ReclaimedFrames);
        Assert.True(rig.Figures(rig.TenantB).ReclaimedFrames > 0);
        Assert.InRange(rig.Figures(rig.TenantB).UsedBytes, 1, (1 << 20) * 9 / 10);
        Assert.Equal(StoreOutcome.Stored, rig.Put(9999, Zpages.Make(1, 1000), tenant: rig.TenantB));
        rig.AssertClean();
    }

    // B24: the key was visible before its data were there.
    [Fact]
    public async Task B24_a_page_is_seen_whole_or_not_at_all()
    {
        using StoreRig rig = new();
        for (int round = 0; round < 300; round++)
        {
            byte[] zpage = Zpages.Make(round, 3900);
            ulong slot = (ulong)round;
            Task storing = Task.Run(() => rig.Put(slot, zpage));
            Loaded seen;
            do
            {
                seen = rig.Get(slot);
                Assert.NotEqual(LoadOutcome.Corrupt, seen.Outcome);
            }
            while (seen.Outcome == LoadOutcome.NotFound && !storing.IsCompleted);

            if (seen.Outcome == LoadOutcome.Loaded)
            {
                Assert.Equal(zpage, seen.Zpage);
            }

            await storing;
            Assert.Equal(zpage, rig.Get(slot).Zpage);
        }
    }

    // B25: a large page that is stored in part must go as a whole.
    [Fact]
    public void B25_a_batch_that_is_all_or_nothing_is_nothing_if_one_page_is_refused()
    {
        using StoreRig rig = new(tenantA: new TenantOptions { Incompressible = IncompressiblePolicy.Reject });
        rig.Put(1, Zpages.Make(100, 500));
        rig.Put(3, Zpages.Make(101, 500));

        StoreOutcome[] outcomes = rig.PutAll(
            true, (1, Zpages.Make(1, 1000)), (2, Zpages.Make(2, 4096)), (3, Zpages.Make(3, 8)));

        Assert.Equal([StoreOutcome.BatchAborted, StoreOutcome.CompressPoor, StoreOutcome.BatchAborted], outcomes);
        Assert.All([1UL, 2UL, 3UL], slot => Assert.Equal(LoadOutcome.NotFound, rig.Get(slot).Outcome));
        rig.AssertEmpty();
    }

    // The same call once more, after one of its pages was stored anew: it must not take the others back.
    [Fact]
    public void B25_a_late_repetition_takes_nothing_back()
    {
        using StoreRig rig = new();
        StoreBatch batch = new() { AllOrNothing = true };
        Fill(batch, 1, Zpages.Make(1, 500));
        batch.Count = 2;
        batch.Slots[1] = 2;
        batch.Sizes[1] = 500;
        batch.Encodings[1] = batch.Encodings[0];
        batch.ZpageChecksums[1] = batch.ZpageChecksums[0];
        batch.PageChecksums[1] = batch.PageChecksums[0];
        batch.Zpages = Zpages.Message(Zpages.Make(1, 500), Zpages.Make(1, 500));
        batch.Generations[0] = batch.Generations[1] = 1;
        rig.Store.Store(rig.TenantA, batch);
        rig.Put(2, Zpages.Make(9, 500), generation: 3);

        rig.Store.Store(rig.TenantA, batch);

        Assert.Equal([StoreOutcome.Stored, StoreOutcome.Stale], batch.Outcomes[..2]);
        Assert.Equal(Zpages.Make(1, 500), rig.Get(1).Zpage);
        Assert.Equal(Zpages.Make(9, 500), rig.Get(2).Zpage);
    }

    private static void Fill(StoreBatch batch, ulong slot, byte[] zpage)
    {
        StorePage page = Zpages.Page(0, slot, 0, zpage);
        batch.Count = 1;
        batch.Slots[0] = slot;
        batch.Sizes[0] = zpage.Length;
        batch.Encodings[0] = page.Encoding;
        batch.ZpageChecksums[0] = page.ZpageChecksum;
        batch.PageChecksums[0] = page.PageChecksum;
        batch.Zpages = Zpages.Message(zpage);
    }
}
