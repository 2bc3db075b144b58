using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Evictions;

/// <summary>Frames whose two pages have different owners, and owners that do not take pages, or not all.</summary>
public sealed class EvictionBuddyTests
{
    private const int Small = 1000;
    private static readonly AreaId s_first = new(2);
    private static readonly AreaId s_last = new(3);
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_frame_of_two_areas_is_free_when_both_have_taken_theirs()
    {
        using StoreRig rig = Rig();
        EvictionOutlet first = Open(rig, s_first);
        EvictionOutlet last = Open(rig, s_last);
        Put(rig, s_first, 1);
        Put(rig, s_last, 1);
        Assert.Equal(1, rig.Figures().BuddiedFrames);

        Task<ReclaimResult> reclaim = rig.Store.ReclaimAsync(rig.TenantA, 1, 1).AsTask();
        Answer(first, EvictionAnswer.Taken);
        Answer(last, EvictionAnswer.Refused);
        Assert.Equal(0, (await reclaim).FramesFreed);
        Assert.Equal((1L, 1L), (rig.Figures().EvictedPages, rig.Figures().Zpages));
        Assert.Equal(LoadOutcome.Evicted, Load(rig, s_first));
        Assert.Equal(LoadOutcome.Loaded, Load(rig, s_last));

        reclaim = rig.Store.ReclaimAsync(rig.TenantA, 1, 1).AsTask();
        Assert.False(first.TryTake(out _));
        Answer(last, EvictionAnswer.Taken);
        Assert.Equal(1, (await reclaim).FramesFreed);
        Assert.Equal((2L, 0L), (rig.Figures().EvictedPages, rig.Figures().PoolFrames));
        rig.AssertClean();
        first.Close();
        last.Close();
    }

    [Fact]
    public async Task A_frame_stays_while_one_of_its_owners_takes_no_pages()
    {
        using StoreRig rig = Rig();
        EvictionOutlet first = Open(rig, s_first);
        Put(rig, s_first, 1);
        Put(rig, s_last, 1);

        ReclaimResult result = await rig.Store.ReclaimAsync(rig.TenantA, 1, 1);

        Assert.Equal(ReclaimOutcome.NothingToReclaim, result.Outcome);
        Assert.False(first.TryTake(out _));
        Assert.Equal(LoadOutcome.Loaded, Load(rig, s_first));
        first.Close();
    }

    [Fact]
    public async Task Without_credit_nothing_is_handed_out_and_a_silent_owner_costs_one_wait()
    {
        using StoreRig rig = Rig();
        EvictionOutlet outlet = Open(rig, s_first, credit: 1);
        Put(rig, s_first, 1);
        Put(rig, s_first, 2);
        Assert.Equal(ReclaimOutcome.NothingToReclaim, (await rig.Store.ReclaimAsync(rig.TenantA, 1, 1)).Outcome);

        outlet.AddCredit(8);
        Task<ReclaimResult> reclaim = rig.Store.ReclaimAsync(rig.TenantA, 1, 3).AsTask();
        while (!reclaim.IsCompleted)
        {
            _time.Expire();
            await Task.Yield();
        }

        // The first step has waited in vain; no further one was begun.
        Assert.Equal(0, (await reclaim).FramesFreed);
        Assert.True(outlet.TryTake(out EvictionBatch? batch));
        Assert.False(outlet.TryTake(out _));
        Assert.Equal(2, rig.Figures().EvictionsFailed);

        // A late answer is a sign of life.
        outlet.Answer(batch.Pages[0].Slot, batch.Pages[0].Generation, EvictionAnswer.Taken);
        batch.Dispose();
        reclaim = rig.Store.ReclaimAsync(rig.TenantA, 1, 1).AsTask();
        Answer(outlet, EvictionAnswer.Taken);
        Assert.Equal(1, (await reclaim).FramesFreed);
        rig.AssertClean();
        outlet.Close();
    }

    [Fact]
    public async Task What_an_owner_does_not_read_is_bounded_also_if_it_answers_what_it_was_not_asked()
    {
        using StoreRig rig = Rig();
        EvictionOutlet outlet = Open(rig, s_first, credit: 1);
        Put(rig, s_first, 1);
        Put(rig, s_first, 2);
        for (int step = 0; step < EvictionOutlet.MaxPages; step++)
        {
            outlet.AddCredit(EvictionOutlet.MaxPages);
            outlet.Answer(new Slot(99), new Generation(1), EvictionAnswer.Taken);
            Task<ReclaimResult> reclaim = rig.Store.ReclaimAsync(rig.TenantA, 1, 1).AsTask();
            while (!reclaim.IsCompleted)
            {
                _time.Expire();
                await Task.Yield();
            }
        }

        int unread = 0;
        while (outlet.TryTake(out EvictionBatch? batch))
        {
            unread += batch.Pages.Count;
            batch.Dispose();
        }

        Assert.InRange(unread, 1, EvictionOutlet.MaxPages);
        outlet.Close();
    }

    [Fact]
    public async Task A_client_that_has_not_answered_holds_up_so_many_steps_and_no_more()
    {
        using StoreRig rig = Rig();
        EvictionOutlet outlet = Open(rig, s_first);
        for (ulong slot = 1; slot <= 8; slot++)
        {
            Put(rig, s_first, slot);
        }

        Task<ReclaimResult>[] steps =
            [.. Enumerable.Range(0, 4).Select(_ => rig.Store.ReclaimAsync(rig.TenantA, 1, 1).AsTask())];

        // Those beyond end at once, with nothing taken.
        Assert.Equal(
            [false, false, true, true], steps.Select(step => step.IsCompleted).Order());
        Answer(outlet, EvictionAnswer.Taken);
        Answer(outlet, EvictionAnswer.Taken);
        Assert.Equal(2, (await Task.WhenAll(steps)).Sum(result => result.FramesFreed));

        // One that has been slow has one step at a time.
        Task<ReclaimResult> slow = rig.Store.ReclaimAsync(rig.TenantA, 1, 1).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        Answer(outlet, EvictionAnswer.Taken);
        Assert.Equal(1, (await slow).FramesFreed);
        slow = rig.Store.ReclaimAsync(rig.TenantA, 1, 1).AsTask();
        Assert.Equal(0, (await rig.Store.ReclaimAsync(rig.TenantA, 1, 1)).FramesFreed);
        Answer(outlet, EvictionAnswer.Taken);
        Assert.Equal(1, (await slow).FramesFreed);
        rig.AssertClean();
        outlet.Close();
    }

    [Theory]
    [InlineData(WritebackOrder.ClientFirst, 2, 0)]
    [InlineData(WritebackOrder.SpillFirst, 0, 2)]
    public async Task Pages_go_where_the_tenant_wants_them_first(WritebackOrder order, int evicted, int spilled)
    {
        using StoreRig rig = new(
            target: new MemoryTarget(),
            tenantA: new TenantOptions { Shards = 1, Writeback = order },
            time: _time);
        EvictionOutlet outlet = Open(rig, s_first);
        Put(rig, s_first, 1);
        Put(rig, s_first, 2);

        Task<ReclaimResult> reclaim = rig.Store.ReclaimAsync(rig.TenantA, 1, 1).AsTask();
        if (evicted > 0)
        {
            Answer(outlet, EvictionAnswer.Taken);
        }

        Assert.Equal(1, (await reclaim).FramesFreed);
        Assert.Equal((evicted, spilled), (rig.Figures().EvictedPages, rig.Figures().SpilledPages));
        outlet.Close();
    }

    private StoreRig Rig() => new(1 << 20, tenantA: new TenantOptions { Shards = 1 }, time: _time);

    private static EvictionOutlet Open(StoreRig rig, AreaId area, int credit = EvictionOutlet.MaxPages)
    {
        AttachEpoch owner = AreaOwners.Attach(
            rig.TenantA,
            area,
            new AttachTerms { Mode = AttachMode.Exclusive, Token = SessionToken.Create() }).Epoch;
        EvictionOutlet outlet = AreaOwners.OpenOutlet(rig.TenantA, area, owner)!;
        outlet.AddCredit(credit);
        return outlet;
    }

    private static void Answer(EvictionOutlet outlet, EvictionAnswer answer)
    {
        Assert.True(outlet.TryTake(out EvictionBatch? batch));
        using (batch)
        {
            foreach (EvictedPage page in batch.Pages)
            {
                outlet.Answer(page.Slot, page.Generation, answer);
            }
        }
    }

    private static void Put(StoreRig rig, AreaId area, ulong slot)
    {
        StoreBatch batch = new() { Area = area, Epoch = OwnerOf(rig, area), Count = 1 };
        byte[] zpage = Zpages.Make((int)slot, Small);
        StoreRig.FillRow(batch, 0, slot, zpage, generation: 1);
        batch.Zpages = Zpages.Message(zpage);
        rig.Store.Store(rig.TenantA, batch);
        Assert.Equal(StoreOutcome.Stored, batch.Outcomes[0]);
    }

    private static LoadOutcome Load(StoreRig rig, AreaId area)
    {
        LoadBatch batch = new() { Area = area, Epoch = OwnerOf(rig, area), Count = 1 };
        batch.Slots[0] = 1;
        rig.Store.Load(rig.TenantA, batch);
        return batch.Outcomes[0];
    }

    private static AttachEpoch OwnerOf(StoreRig rig, AreaId area) => rig.TenantA.Areas[area].Owner;
}
