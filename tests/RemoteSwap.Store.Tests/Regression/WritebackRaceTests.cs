using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Regression;

/// <summary>
/// Bugs of zswap's and z3fold's writeback, each made to happen by stopping the write or the read in the middle.
/// </summary>
public sealed class WritebackRaceTests
{
    private const int Headless = 4096;

    public static TheoryData<int> Sizes => [1000, Headless];

    // B3: the reclaimer's reference leaked when a page was invalidated while its writeback ran and then failed.
    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task B3_failed_writeback_and_invalidate_leave_no_memory(int size)
    {
        (StoreRig rig, Stop stop, Task<ReclaimResult> reclaim) = await Stop.InWriteAsync(size);
        using StoreRig _ = rig;
        rig.Target!.FailWrites = true;

        rig.Forget(0);
        rig.Forget(1);
        stop.GoOn();
        ReclaimResult result = await reclaim;

        Assert.Equal(0, result.PagesWrittenBack);
        rig.AssertEmpty();
    }

    // B5: load and invalidate both overlapping a writeback of the same page.
    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task B5_load_and_invalidate_overlap_a_writeback(int size)
    {
        (StoreRig rig, Stop stop, Task<ReclaimResult> reclaim) = await Stop.InWriteAsync(size);
        using StoreRig _ = rig;

        Assert.Equal(Zpages.Make(0, size), rig.Get(0).Zpage);
        Assert.Equal(InvalidateOutcome.Invalidated, rig.Forget(0));
        Assert.Equal(LoadOutcome.NotFound, rig.Get(0).Outcome);
        stop.GoOn();
        await reclaim;

        Assert.Equal(LoadOutcome.NotFound, (await rig.GetAsync(0)).Outcome);
        Assert.Equal(Zpages.Make(1, size), (await rig.GetAsync(1)).Zpage);
        rig.AssertClean();
        rig.Forget(1);
        rig.AssertEmpty();
    }

    // B5, the other half: a place is not written again while an earlier load still reads it.
    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task B5_a_load_in_progress_keeps_its_place(int size)
    {
        MemoryTarget target = new();
        using StoreRig rig = new(target: target, tenantA: new TenantOptions { Shards = 1 });
        rig.Put(0, Zpages.Make(0, size));
        await rig.Store.ReclaimAsync(rig.TenantA, 1, 8);
        Stop stop = new();
        target.DuringRead = stop.WaitAsync;
        Task<Loaded> load = rig.GetAsync(0);
        await stop.Reached;

        rig.Forget(0);
        rig.Put(1, Zpages.Make(1, size));
        await rig.Store.ReclaimAsync(rig.TenantA, 1, 8);
        stop.GoOn();

        Assert.Equal(Zpages.Make(0, size), (await load).Zpage);
        rig.Forget(1);
        rig.AssertEmpty();
    }

    // B8: the slot is freed and reused while its old page is written: the old page must not be committed at the new
    // one's slot.
    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task B8_a_slot_reused_during_writeback_keeps_its_new_page(int size)
    {
        (StoreRig rig, Stop stop, Task<ReclaimResult> reclaim) = await Stop.InWriteAsync(size);
        using StoreRig _ = rig;

        rig.Forget(0);
        rig.Put(0, Zpages.Make(50, size));
        rig.Put(1, Zpages.Make(51, size));
        stop.GoOn();
        await reclaim;

        Assert.Equal(Zpages.Make(50, size), (await rig.GetAsync(0)).Zpage);
        Assert.Equal(Zpages.Make(51, size), (await rig.GetAsync(1)).Zpage);
        rig.AssertClean();
        rig.Forget(0);
        rig.Forget(1);
        rig.AssertEmpty();
    }

    // B17, B22: one zpage of the frame is freed during the writeback; only the other may be committed, and nothing
    // twice.
    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task B22_a_handle_freed_during_writeback_is_left_alone(int size)
    {
        (StoreRig rig, Stop stop, Task<ReclaimResult> reclaim) = await Stop.InWriteAsync(size);
        using StoreRig _ = rig;

        rig.Forget(1);
        stop.GoOn();
        ReclaimResult result = await reclaim;

        Assert.Equal(1, result.PagesWrittenBack);
        Assert.Equal(Zpages.Make(0, size), (await rig.GetAsync(0)).Zpage);
        rig.AssertClean();
        rig.Forget(0);
        rig.AssertEmpty();
    }

    // B22, the long way: the handle's index must not come round to the same generation while the write is on its way.
    [Fact]
    public async Task B22_a_handle_is_not_used_again_while_its_page_is_written()
    {
        const int Generations = 1 << 16;
        (StoreRig rig, Stop stop, Task<ReclaimResult> reclaim) = await Stop.InWriteAsync(1000);
        using StoreRig _ = rig;
        byte[] passing = Zpages.Make(7, 1000);

        // Another page keeps the table of handles from falling empty, which would move its generations on.
        rig.Put(5, passing);
        rig.Forget(0);
        rig.Forget(1);
        for (int i = 1; i < Generations; i++)
        {
            rig.Put(0, passing);
            rig.Forget(0);
        }

        rig.Put(0, Zpages.Make(50, 1000));
        stop.GoOn();
        ReclaimResult result = await reclaim;

        Assert.Equal(0, result.PagesWrittenBack);
        Assert.Equal(Zpages.Make(50, 1000), (await rig.GetAsync(0)).Zpage);
        rig.AssertClean();
    }

    [Fact]
    public async Task A_target_that_breaks_down_harms_no_other_tenant()
    {
        MemoryTarget target = new();
        using StoreRig rig = new(target: target, tenantA: new TenantOptions { Shards = 1 });
        rig.Put(0, Zpages.Make(0, 1000));
        rig.Put(0, Zpages.Make(1, 1000), tenant: rig.TenantB);
        target.DuringWrite = () => throw new InvalidOperationException("a bug");

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => rig.Store.ReclaimAsync(rig.TenantA, 1, 8).AsTask());
        target.DuringWrite = () => Task.CompletedTask;
        ReclaimResult other = await rig.Store.ReclaimAsync(rig.TenantB, 1, 8);
        ReclaimResult again = await rig.Store.ReclaimAsync(rig.TenantA, 1, 8);

        Assert.Equal(ReclaimOutcome.Freed, other.Outcome);
        Assert.Equal(ReclaimOutcome.Freed, again.Outcome);
        Assert.Equal(Zpages.Make(0, 1000), (await rig.GetAsync(0)).Zpage);
        rig.AssertClean();
    }

    [Fact]
    public async Task A_reclaim_beside_another_says_try_again()
    {
        (StoreRig rig, Stop stop, Task<ReclaimResult> reclaim) = await Stop.InWriteAsync(1000);
        using StoreRig _ = rig;

        ReclaimResult beside = await rig.Store.ReclaimAsync(rig.TenantA, 1, 2);
        stop.GoOn();

        Assert.Equal(ReclaimOutcome.TryAgain, beside.Outcome);
        Assert.Equal(ReclaimOutcome.Freed, (await reclaim).Outcome);
    }

    [Theory]
    [InlineData(2000)]
    [InlineData(4096 + 40)]
    public async Task A_damaged_image_is_corrupt_and_never_wrong_bytes(int damagedByte)
    {
        MemoryTarget target = new();
        using StoreRig rig = new(target: target);
        int size = damagedByte >= 4096 ? Headless : 1990;
        rig.Put(0, Zpages.Make(0, size));
        rig.Put(1, Zpages.Make(1, size));
        await rig.Store.ReclaimAsync(rig.TenantA, 2, 8);

        target.Damage(damagedByte);

        Assert.Equal(LoadOutcome.Corrupt, (await rig.GetAsync(0)).Outcome);
        Assert.Empty((await rig.GetAsync(0)).Zpage);
        Assert.Equal(2, rig.Figures().CorruptPages);
    }

    [Fact]
    public async Task A_failed_read_is_an_io_error_and_the_page_is_still_there()
    {
        MemoryTarget target = new() { FailReads = true };
        using StoreRig rig = new(target: target);
        rig.Put(0, Zpages.Make(0, 1000));
        await rig.Store.ReclaimAsync(rig.TenantA, 1, 8);

        Assert.Equal(LoadOutcome.IoError, (await rig.GetAsync(0)).Outcome);
        target.FailReads = false;

        Assert.Equal(Zpages.Make(0, 1000), (await rig.GetAsync(0)).Zpage);
    }
}
