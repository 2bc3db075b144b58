using RemoteSwap.Pool;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.State;

/// <summary>A store is drained and another one begins with what it left: everything is there, once.</summary>
public sealed class WarmRestartTests : IDisposable
{
    private const int Pages = 600;
    private static readonly int[] s_sizes = [8, 9, 700, 1984, 1985, 2048, 3968, 4122, 4096, 1000];
    private readonly StateRig _state = new();

    [Fact]
    public void Everything_comes_back_where_and_as_it_was()
    {
        StoreRig first = _state.Start();
        Fill(first);
        Assert.Equal(LoadOutcome.Loaded, first.Get(8, exclusive: true).Outcome);
        Assert.Equal(LoadOutcome.Loaded, first.Get(0, exclusive: true).Outcome);
        (long used, string pool) = (first.Figures().UsedBytes, Shape(first));
        Incarnation life = first.Store.Incarnation;
        WarmResult drained = _state.Drain(first);
        Assert.Equal(2 * Pages, drained.Pages);

        using StoreRig second = _state.Start();

        Assert.Equal((2 * Pages, 0), (_state.Started.Pages, _state.Started.LostPages));
        Assert.Equal(life, second.Store.Incarnation);
        Assert.Equal(pool, Shape(second));
        Assert.True(second.Figures().UsedBytes <= used);
        Assert.Equal(2, second.Figures().ExclusivePending);
        CheckAll(second);
        second.AssertClean(deep: true);
        Assert.Equal(InvalidateOutcome.Invalidated, second.Forget(8, 5, acknowledge: true));
        Assert.Equal(InvalidateOutcome.Stale, second.Forget(16, 5, acknowledge: true));
        Assert.False(File.Exists(_state.Images) || File.Exists(_state.Manifest));
        Empty(second);
    }

    [Fact]
    public void What_was_drained_comes_back_once_and_a_crash_after_it_loses_it()
    {
        StoreRig first = _state.Start();
        SessionToken token = SessionToken.Create();
        AttachTerms terms = new() { Mode = AttachMode.Exclusive, Token = token };
        AttachEpoch epoch = AreaOwners.Attach(first.TenantA, new AreaId(0), terms).Epoch;
        Assert.Equal(StoreOutcome.Stored, Put(first, epoch, generation: 5));
        _state.Drain(first);
        byte[] images = File.ReadAllBytes(_state.Images);
        byte[] manifest = File.ReadAllBytes(_state.Manifest);

        using (StoreRig second = _state.Start())
        {
            // The owner goes on with its epoch, and the slot with its generations.
            Assert.True(AreaOwners.KeepAlive(second.TenantA, new AreaId(0), epoch));
            Assert.Equal(StoreOutcome.Stale, Put(second, epoch, generation: 4));
            Assert.Equal(StoreOutcome.Stored, Put(second, epoch, generation: 6));
        }

        // Even if the files were there still: the mark is gone.
        File.WriteAllBytes(_state.Images, images);
        File.WriteAllBytes(_state.Manifest, manifest);
        using StoreRig third = _state.Start();
        Assert.Equal(default, _state.Started);
        Assert.NotEqual(new Incarnation(epoch.Value), third.Store.Incarnation);
        AttachResult resumed = AreaOwners.Attach(
            third.TenantA,
            new AreaId(0),
            terms with { Mode = AttachMode.Resume, Epoch = epoch, Attempt = SessionToken.Create() });
        Assert.Equal((AttachOutcome.Resumed, true), (resumed.Outcome, resumed.HasLostPages));
        Assert.Equal(0, third.Figures().StoredPages);
    }

    [Fact]
    public void Who_was_fenced_stays_fenced_and_emptied_slots_remember()
    {
        StoreRig first = _state.Start();
        AttachTerms terms = new() { Mode = AttachMode.TakeOver, Token = SessionToken.Create() };
        AttachEpoch former = AreaOwners.Attach(first.TenantA, new AreaId(0), terms).Epoch;
        AttachTerms others = terms with { Token = SessionToken.Create() };
        AttachEpoch owner = AreaOwners.Attach(first.TenantA, new AreaId(0), others).Epoch;
        Assert.Equal(StoreOutcome.Stored, Put(first, owner, generation: 9));
        first.Store.Invalidate(first.TenantA, new AreaId(0), new Slot(3), new Generation(12), epoch: owner);
        Assert.Equal(StoreOutcome.Stored, first.Put(70_000, Zpages.Make(1, 900), generation: 20, area: 1));
        Assert.Equal(InvalidateOutcome.Invalidated, first.Forget(70_000, 21, area: 1));
        Assert.Equal(StoreOutcome.Stored, first.Put(5, Zpages.Make(2, 900), generation: 20, area: 2));
        Assert.Equal(StoreOutcome.Stored, first.Put(6, Zpages.Make(3, 900), generation: 20, area: 2));
        Assert.Equal(InvalidateOutcome.Invalidated, first.Forget(6, 21, area: 2));
        _state.Drain(first);

        using StoreRig second = _state.Start();
        Assert.Equal(StoreOutcome.Fenced, Put(second, former, generation: 30));
        Assert.Equal(StoreOutcome.Stale, Put(second, owner, generation: 11));
        Assert.Equal(StoreOutcome.Stored, Put(second, owner, generation: 13));
        Assert.Equal(StoreOutcome.Stale, second.Put(70_000, Zpages.Make(1, 900), generation: 21, area: 1));
        Assert.Equal(StoreOutcome.Stale, second.Put(6, Zpages.Make(3, 900), generation: 21, area: 2));
        Assert.Equal(StoreOutcome.Stored, second.Put(6, Zpages.Make(3, 900), generation: 22, area: 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(40)]
    [InlineData(32_768 + 2_000)]
    [InlineData(32_768 + (200 * 4096) + 100)]
    [InlineData(-100)]
    public void A_damaged_image_is_lost_with_its_pages_and_nothing_is_wrong(int place)
    {
        StoreRig first = _state.Start();
        Fill(first);
        Incarnation life = first.Store.Incarnation;
        _state.Drain(first);
        byte[] images = File.ReadAllBytes(_state.Images);
        images[place >= 0 ? place : images.Length + place] ^= 4;
        File.WriteAllBytes(_state.Images, images);

        using StoreRig second = _state.Start();

        Assert.True(_state.Started.LostPages > 0);
        Assert.True(second.Store.Incarnation.Value > life.Value);
        Assert.InRange(CheckAll(second, mayBeLost: true), 1, 127);
        second.AssertClean(deep: true);
    }

    [Fact]
    public void Images_of_an_earlier_drain_are_not_believed()
    {
        StoreRig first = _state.Start();
        Assert.Equal(StoreOutcome.Stored, first.Put(1, Zpages.Make(1, 900), generation: 1));
        _state.Drain(first);
        byte[] earlier = File.ReadAllBytes(_state.Images);
        StoreRig second = _state.Start();
        Assert.Equal(StoreOutcome.Stored, second.Put(1, Zpages.Make(2, 900), generation: 2));
        _state.Drain(second);
        File.WriteAllBytes(_state.Images, earlier);

        using StoreRig third = _state.Start();
        Assert.Equal(LoadOutcome.Lost, third.Get(1).Outcome);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(5, 2)]
    public void The_number_of_shards_may_change(int before, int after)
    {
        StoreRig first = _state.Start(tenantA: new TenantOptions { Shards = before });
        Fill(first);
        _state.Drain(first);
        using StoreRig second = _state.Start(tenantA: new TenantOptions { Shards = after });
        Assert.Equal(2 * Pages, _state.Started.Pages);
        CheckAll(second);
        second.AssertClean(deep: true);
        Empty(second);
    }

    [Fact]
    public void A_start_that_would_lose_pages_is_refused_and_loses_none()
    {
        StoreRig first = _state.Start();
        Fill(first);
        Assert.Equal(StoreOutcome.Stored, first.Put(1, Zpages.Make(1, 900), area: 900));
        _state.Drain(first);

        Refused("Store:Limit", limitBytes: 1 << 20);
        Refused("tenant 'a'", tenantA: new TenantOptions { LimitBytes = 1 << 20 });
        Refused("area 900", tenantA: new TenantOptions { Areas = 900 });
        byte[] manifest = File.ReadAllBytes(_state.Manifest);
        File.Delete(_state.Manifest);
        Refused("not there");
        File.WriteAllBytes(_state.Manifest, manifest[..^1]);
        Refused("damaged");
        File.WriteAllBytes(_state.Manifest, manifest);

        using StoreRig second = _state.Start();
        Assert.Equal(0, _state.Started.LostPages);
        CheckAll(second);
    }

    [Fact]
    public void A_start_that_is_told_to_discards_what_has_no_room_and_says_so()
    {
        StoreRig first = _state.Start();
        Fill(first);
        _state.Drain(first);

        using StoreRig second = _state.Start(discards: true, tenantA: new TenantOptions { LimitBytes = 1 << 20 });

        Assert.True(_state.Started.LostPages > 0);
        Assert.InRange(CheckAll(second, mayBeLost: true), 1, 2 * Pages);
        second.AssertClean(deep: true);
    }

    [Fact]
    public void A_start_that_is_told_to_does_without_images_that_are_not_there()
    {
        StoreRig first = _state.Start();
        Fill(first);
        _state.Drain(first);
        File.Delete(_state.Images);
        Refused("not there");

        using StoreRig second = _state.Start(discards: true);

        Assert.True(_state.Started.LostPages >= 2 * Pages);
        Assert.Equal(2 * Pages, CheckAll(second, mayBeLost: true));
    }

    [Fact]
    public async Task A_drain_does_not_wait_for_all_that_a_reclaim_was_asked_for()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        MemoryTarget target = new();
        target.DuringWrite = () =>
        {
            begun.TrySetResult();
            return slow.Task;
        };
        using StoreRig rig = new(target: target, state: _state.Open());
        rig.Store.Begin();
        Fill(rig);
        Task<ReclaimResult> reclaim = rig.Store.ReclaimAsync(rig.TenantA, 1 << 20, 16).AsTask();
        await begun.Task;

        Task<WarmResult> drain = new WarmRestart(rig.Store).DrainAsync(progress: null);
        slow.SetResult();

        Assert.Equal(ReclaimOutcome.TryAgain, (await reclaim).Outcome);
        Assert.Equal(1, target.Writes);
        Assert.InRange((await drain).Pages, Pages, 2 * Pages);
    }

    [Fact]
    public void A_drain_that_cannot_be_written_leaves_no_mark()
    {
        Directory.CreateDirectory(Path.Combine(_state.Images, "in the way"));
        StoreRig first = _state.Start();
        Fill(first);
        Assert.ThrowsAny<SystemException>(() => _state.Drain(first));
        first.Dispose();
        Assert.False(File.Exists(_state.Manifest));

        using StoreRig second = _state.Start();
        Assert.Equal(default, _state.Started);
        Assert.Equal(0, second.Figures().StoredPages);
    }

    [Fact]
    public void Of_a_store_that_drains_nothing_changes_any_more()
    {
        StoreRig first = _state.Start();
        Assert.Equal(StoreOutcome.Stored, first.Put(1, Zpages.Make(1, 900), generation: 1));
        first.Store.BeginDrain();
        StoreBatch batch = new() { Count = 1, WaitsForRestart = true, Zpages = Zpages.Message(Zpages.Make(2, 900)) };
        StoreRig.FillRow(batch, 0, 1, Zpages.Make(2, 900), generation: 2);
        first.Store.Store(first.TenantA, batch);
        Assert.Equal(StoreOutcome.Draining, batch.Outcomes[0]);

        // What was put off was not done: the same one is taken by the next life.
        StateRig.Write(first);
        Assert.Throws<InvalidOperationException>(() => first.Forget(1));
        Assert.Equal(StoreOutcome.Draining, first.Put(1, Zpages.Make(3, 900), generation: 3));
        Assert.Equal(LoadOutcome.Loaded, first.Get(1).Outcome);
        first.Dispose();
        using StoreRig second = _state.Start();
        Assert.Equal(Zpages.Make(1, 900), second.Get(1).Zpage);
        second.Store.Store(second.TenantA, batch);
        Assert.Equal(StoreOutcome.Stored, batch.Outcomes[0]);
    }

    public void Dispose() => _state.Dispose();

    private void Refused(string words, long limitBytes = 8 << 20, TenantOptions? tenantA = null)
    {
        StateException refused = Assert.Throws<StateException>(
            () => _state.Start(limitBytes: limitBytes, tenantA: tenantA));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Contains("State:Discard", refused.Message, StringComparison.Ordinal);
    }

    private static void Fill(StoreRig rig)
    {
        foreach (Tenant tenant in rig.Store.Tenants)
        {
            for (int page = 0; page < Pages; page++)
            {
                StoreOutcome outcome = rig.Put(SlotOf(page), Bytes(tenant, page), 5, AreaOf(page), tenant);
                Assert.True(outcome is StoreOutcome.Stored or StoreOutcome.SameFilled, $"{outcome}");
            }
        }
    }

    private static int CheckAll(StoreRig rig, bool mayBeLost = false)
    {
        int lost = 0;
        foreach (Tenant tenant in rig.Store.Tenants)
        {
            for (int page = 0; page < Pages; page++)
            {
                Loaded loaded = rig.Get(SlotOf(page), AreaOf(page), tenant);
                if (mayBeLost && loaded.Outcome == LoadOutcome.Lost)
                {
                    lost++;
                    continue;
                }

                Assert.Equal((LoadOutcome.Loaded, 5UL), (loaded.Outcome, loaded.Generation));
                Assert.Equal(Bytes(tenant, page), loaded.Zpage);
            }
        }

        return lost;
    }

    private static void Empty(StoreRig rig)
    {
        foreach (Tenant tenant in rig.Store.Tenants)
        {
            rig.Store.InvalidateArea(tenant, new AreaId(0));
            rig.Store.InvalidateArea(tenant, new AreaId(1));
        }

        rig.AssertEmpty();
    }

    // Neighbours lie in one leaf; every fourth slab is used, in two areas.
    private static ulong SlotOf(int page) => (ulong)((page % 4 * Slot.SlabSlots) + page);

    private static uint AreaOf(int page) => (uint)(page / 4 % 2);

    private static byte[] Bytes(Tenant tenant, int page) =>
        Zpages.Make((page * 2) + (tenant.Name == StoreRig.A ? 0 : 1), s_sizes[page % s_sizes.Length]);

    private static StoreOutcome Put(StoreRig rig, AttachEpoch epoch, ulong generation) => StoreRig.PutOne(
        rig.Store, rig.TenantA, slot: 3, Zpages.Make((int)generation, 900), generation, epoch: epoch);

    // Which zpages lie beside each other, and how recent their frames are.
    private static string Shape(StoreRig rig)
    {
        List<string> frames = [];
        byte[] frame = new byte[FrameArena.FrameBytes];
        byte[] header = new byte[FrameHeader.Bytes];
        foreach (Shard shard in rig.TenantA.Shards)
        {
            FrameCopier copier = new(shard.Pool);
            while (copier.Copy(frame, header, 1) == 1)
            {
                frames.Add($"{OwnerRecord.Read(FrameHeader.Record(header, Buddy.First))}"
                    + $"{OwnerRecord.Read(FrameHeader.Record(header, Buddy.Last))}");
            }
        }

        return string.Join('\n', frames);
    }
}
