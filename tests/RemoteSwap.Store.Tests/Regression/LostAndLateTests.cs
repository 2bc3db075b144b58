using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Regression;

/// <summary>
/// Bugs of zswap, zsmalloc and RAMster that lose pages, bring them back, mix them up, or wait for themselves.
/// </summary>
public sealed class LostAndLateTests
{
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(30);

    // B9: the way out of a writeback that was overtaken forgot to let go of what it held.
    [Fact]
    public async Task B9_a_writeback_that_was_overtaken_holds_nothing()
    {
        (StoreRig rig, Stop stop, Task<ReclaimResult> reclaim) = await Stop.InWriteAsync(1000);
        using StoreRig _ = rig;

        rig.Put(0, Zpages.Make(10, 1000));
        rig.Put(1, Zpages.Make(11, 1000));
        stop.GoOn();
        Assert.Equal(0, (await reclaim).PagesWrittenBack);

        Assert.Equal(0, rig.Target!.UsedBytes);
        Assert.Equal(Zpages.Make(10, 1000), rig.Get(0).Zpage);
        rig.Forget(0);
        rig.Forget(1);
        rig.AssertEmpty();
    }

    // B10: an exclusive load dropped the only copy, and its reader then threw the page away.
    [Fact]
    public void B10_a_page_that_is_handed_over_stays_until_it_has_arrived()
    {
        using StoreRig rig = new();
        byte[] page = Zpages.Make(3, 700);
        rig.Put(3, page, generation: 4);

        Assert.Equal(page, rig.Get(3, exclusive: true).Zpage);

        // The client died with the reply; the next one asks again.
        Assert.Equal(page, rig.Get(3, exclusive: true).Zpage);
        Assert.Equal(InvalidateOutcome.Stale, rig.Forget(3, generation: 3, acknowledge: true));
        Assert.Equal(page, rig.Get(3).Zpage);
        Assert.Equal(InvalidateOutcome.Invalidated, rig.Forget(3, generation: 4, acknowledge: true));
        rig.AssertEmpty();
    }

    // B11: writeback went on with a swap device that was gone.
    [Fact]
    public async Task B11_an_area_that_goes_during_writeback_is_gone()
    {
        (StoreRig rig, Stop stop, Task<ReclaimResult> reclaim) = await Stop.InWriteAsync(1000);
        using StoreRig _ = rig;

        Assert.Equal(2, rig.Store.InvalidateArea(rig.TenantA, default).Pages);
        stop.GoOn();
        await reclaim;

        rig.AssertEmpty();
    }

    // B16: the shrinker's own I/O came back into the pool and waited for the shrinker.
    [Fact]
    public async Task B16_a_store_out_of_a_writeback_does_not_wait_for_it()
    {
        MemoryTarget target = new();
        using StoreRig rig = new(target: target, tenantA: new TenantOptions { Shards = 1 });
        rig.Put(0, Zpages.Make(0, 1000));
        StoreOutcome inside = StoreOutcome.None;
        target.DuringWrite = async () => inside =
            await Task.Run(() => rig.Put(7, Zpages.Make(7, 1000))).WaitAsync(s_liveness / 10);

        await Task.Run(() => rig.Store.ReclaimAsync(rig.TenantA, 1, 1).AsTask()).WaitAsync(s_liveness);

        Assert.Equal(StoreOutcome.Stored, inside);
        Assert.Equal(Zpages.Make(7, 1000), (await rig.GetAsync(7)).Zpage);
    }

    // B19: a frame that was moved while it was read, with two zpages, one, or none.
    [Fact]
    public async Task B19_frames_that_move_keep_their_bytes()
    {
        const int Pages = 60;
        using StoreRig rig = new(tenantA: new TenantOptions { Shards = 1 });
        using CancellationTokenSource over = new();
        for (int slot = 0; slot < Pages; slot++)
        {
            rig.Put((ulong)slot, Zpages.Make(slot, 900));
        }

        Task reader = Task.Run(() =>
        {
            for (int slot = 0; !over.IsCancellationRequested; slot = (slot + 2) % Pages)
            {
                Assert.Equal(Zpages.Make(slot, 900), rig.Get((ulong)slot).Zpage);
            }
        });
        for (int round = 0; round < 200 && !reader.IsCompleted; round++)
        {
            // Every other page goes, so that frames are half empty; then it comes again.
            for (int slot = 1; slot < Pages; slot += 2)
            {
                rig.Forget((ulong)slot);
            }

            rig.Compact(Pages);
            for (int slot = 1; slot < Pages; slot += 2)
            {
                rig.Put((ulong)slot, Zpages.Make(slot, 900));
            }
        }

        await over.CancelAsync();
        await reader;
        rig.AssertClean(deep: true);
    }

    // B20: two loads at once had one reply buffer.
    [Fact]
    public async Task B20_loads_at_the_same_time_have_bytes_of_their_own()
    {
        using StoreRig rig = new();
        rig.Put(0, Zpages.Make(1, 3000));
        rig.Put(1, Zpages.Make(2, 3000));

        await Task.WhenAll(Task.Run(() => LoadAgainAndAgain(0)), Task.Run(() => LoadAgainAndAgain(1)));

        void LoadAgainAndAgain(ulong slot)
        {
            byte[] expected = Zpages.Make((int)slot + 1, 3000);
            LoadBatch batch = new() { Count = 1 };
            for (int i = 0; i < 20_000; i++)
            {
                batch.Slots[0] = slot;
                Assert.True(rig.Store.Load(rig.TenantA, batch));
                Assert.Equal(LoadOutcome.Loaded, batch.Outcomes[0]);
                Assert.True(batch.Zpages.Span.SequenceEqual(expected), "the bytes of another load");
            }
        }
    }

    // B23: a copy of a store that was late brought back what was invalidated.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void B23_a_late_copy_of_a_store_brings_nothing_back(bool hasNeighbour)
    {
        using StoreRig rig = new();
        if (hasNeighbour)
        {
            rig.Put(8, Zpages.Make(8, 500), generation: 1);
        }

        byte[] page = Zpages.Make(7, 500);
        Assert.Equal(StoreOutcome.Stored, rig.Put(7, page, generation: 5));
        Assert.Equal(InvalidateOutcome.Invalidated, rig.Forget(7, generation: 6));

        Assert.Equal(StoreOutcome.Stale, rig.Put(7, page, generation: 5));
        Assert.Equal(LoadOutcome.NotFound, rig.Get(7).Outcome);
        Assert.Equal(StoreOutcome.Stored, rig.Put(7, page, generation: 7));
    }
}
