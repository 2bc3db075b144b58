using RemoteSwap.Codec;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Units;

public sealed class PageStoreTests
{
    [Fact]
    public void Slot_zero_is_a_legal_slot()
    {
        using StoreRig rig = new();

        rig.Put(0, Zpages.Make(1, 100));

        Assert.Equal(Zpages.Make(1, 100), rig.Get(0).Zpage);
    }

    [Fact]
    public void Tenants_and_areas_do_not_see_each_others_pages()
    {
        using StoreRig rig = new();

        rig.Put(5, Zpages.Make(1, 100), area: 1);

        Assert.Equal(LoadOutcome.NotFound, rig.Get(5, area: 2).Outcome);
        Assert.Equal(LoadOutcome.NotFound, rig.Get(5, area: 1, tenant: rig.TenantB).Outcome);
        Assert.Equal(LoadOutcome.Loaded, rig.Get(5, area: 1).Outcome);
    }

    [Fact]
    public void A_repeated_store_is_acknowledged_and_other_bytes_at_its_generation_are_stale()
    {
        using StoreRig rig = new();
        rig.Put(1, Zpages.Make(1, 100), generation: 7);

        Assert.Equal(StoreOutcome.Stored, rig.Put(1, Zpages.Make(1, 100), generation: 7));
        Assert.Equal(StoreOutcome.Stale, rig.Put(1, Zpages.Make(2, 100), generation: 7));
        Assert.Equal(StoreOutcome.Stale, rig.Put(1, Zpages.Make(2, 100), generation: 6));

        Assert.Equal(Zpages.Make(1, 100), rig.Get(1).Zpage);
        Assert.Equal(1, rig.Figures().Stores);
        Assert.Equal(2, rig.Figures().Stale);
    }

    [Fact]
    public void An_exclusive_load_keeps_the_copy_until_it_is_acknowledged()
    {
        using StoreRig rig = new();
        rig.Put(1, Zpages.Make(1, 100), generation: 7);

        Assert.Equal(InvalidateOutcome.Stale, rig.Forget(1, 7, acknowledge: true));
        Assert.Equal(LoadOutcome.Loaded, rig.Get(1, exclusive: true).Outcome);
        Assert.Equal(LoadOutcome.Loaded, rig.Get(1).Outcome);
        Assert.Equal(1, rig.Figures().ExclusivePending);

        Assert.Equal(InvalidateOutcome.Invalidated, rig.Forget(1, 7, acknowledge: true));
        Assert.Equal(LoadOutcome.NotFound, rig.Get(1).Outcome);
        rig.AssertEmpty();
    }

    [Fact]
    public void A_newer_store_survives_the_acknowledgement_of_an_exclusive_load()
    {
        using StoreRig rig = new();
        rig.Put(1, Zpages.Make(1, 100), generation: 7);
        rig.Get(1, exclusive: true);
        rig.Put(1, Zpages.Make(2, 100), generation: 8);

        Assert.Equal(InvalidateOutcome.Stale, rig.Forget(1, 7, acknowledge: true));

        Assert.Equal(Zpages.Make(2, 100), rig.Get(1).Zpage);
    }

    [Fact]
    public void A_range_over_a_whole_area_takes_what_is_stored()
    {
        using StoreRig rig = new();
        ulong[] slots = [0, 255, 256, 16_383, 16_384, 1_000_000, Slot.MaxSlots - 1];
        Array.ForEach(slots, slot => rig.Put(slot, Zpages.Make((int)slot, 300)));
        rig.Put(3, Zpages.Make(3, 300), area: 1);

        Assert.Equal(3, rig.Store.InvalidateRange(rig.TenantA, default, new Slot(255), 16_384 - 255, default).Pages);
        Assert.Equal(4, rig.Store.InvalidateRange(rig.TenantA, default, default, Slot.MaxSlots, default).Pages);
        Assert.Equal(LoadOutcome.Loaded, rig.Get(3, area: 1).Outcome);
        rig.AssertClean();
    }

    [Fact]
    public async Task Pages_go_to_the_target_and_come_back_from_it()
    {
        MemoryTarget target = new();
        using StoreRig rig = new(target: target);
        for (ulong slot = 0; slot < 100; slot++)
        {
            rig.Put(slot * 300, Zpages.Make((int)slot, slot % 10 == 0 ? 4096 : 500 + ((int)slot * 30)));
        }

        ReclaimResult result = await rig.Store.ReclaimAsync(rig.TenantA, 1000, 8);

        Assert.Equal(ReclaimOutcome.NothingToReclaim, result.Outcome);
        Assert.Equal(100, result.PagesWrittenBack);
        Assert.Equal(0, rig.Figures().PoolFrames);
        for (ulong slot = 0; slot < 100; slot++)
        {
            Assert.Equal(
                Zpages.Make((int)slot, slot % 10 == 0 ? 4096 : 500 + ((int)slot * 30)),
                rig.Get(slot * 300).Zpage);
        }

        Assert.Equal(100, rig.Figures().SpillLoads);
        rig.Store.InvalidateArea(rig.TenantA, default);
        rig.AssertEmpty();
    }

    [Theory]
    [InlineData(0, ReclaimOutcome.NothingToReclaim)]
    [InlineData(3, ReclaimOutcome.TryAgain)]
    public async Task Reclaim_has_zbuds_results(int retries, ReclaimOutcome expected)
    {
        using StoreRig rig = new(target: new MemoryTarget { FailWrites = true });
        rig.Put(1, Zpages.Make(1, 3000));

        Assert.Equal(expected, (await rig.Store.ReclaimAsync(rig.TenantA, 1, retries)).Outcome);
        Assert.Equal(LoadOutcome.Loaded, rig.Get(1).Outcome);
    }

    [Fact]
    public async Task Without_a_target_nothing_is_reclaimed()
    {
        using StoreRig rig = new();
        rig.Put(1, Zpages.Make(1, 3000));

        ReclaimResult result = await rig.Store.ReclaimAsync(rig.TenantA, 1, 8);

        Assert.Equal(ReclaimOutcome.NothingToReclaim, result.Outcome);
        Assert.Contains("no writeback target", result.Detail, StringComparison.Ordinal);
        Assert.Equal(LoadOutcome.Loaded, rig.Get(1).Outcome);
    }

    [Fact]
    public void Compaction_pairs_lone_zpages_and_keeps_every_byte()
    {
        using StoreRig rig = new(tenantA: new TenantOptions { Shards = 1 });
        for (ulong slot = 0; slot < 200; slot++)
        {
            rig.Put(slot, Zpages.Make((int)slot, 1900));
        }

        for (ulong slot = 0; slot < 200; slot += 2)
        {
            rig.Forget(slot);
        }

        Assert.Equal(1.0, rig.Figures().Density);
        CompactResult result = rig.Compact(1000);

        Assert.Equal(50, result.Merged);
        Assert.Equal(2.0, rig.Figures().Density);
        for (ulong slot = 1; slot < 200; slot += 2)
        {
            Assert.Equal(Zpages.Make((int)slot, 1900), rig.Get(slot).Zpage);
        }

        rig.AssertClean(deep: true);
    }

    [Fact]
    public void A_broken_pool_stops_its_tenant_and_no_other()
    {
        using StoreRig rig = new(tenantA: new TenantOptions { Shards = 1 });
        rig.Put(1, Zpages.Make(1, 1000));
        rig.Put(1, Zpages.Make(1, 1000), tenant: rig.TenantB);
        Shard shard = rig.TenantA.Shards[0];
        lock (shard.Gate)
        {
            shard.Pool.Free(shard.Index[default, new Slot(1)].Handle);
        }

        Assert.Equal(LoadOutcome.Invariant, rig.Get(1).Outcome);
        Assert.NotNull(rig.TenantA.Poison);
        Assert.Equal(StoreOutcome.Invariant, rig.Put(2, Zpages.Make(1, 1000)));
        Assert.Equal(InvalidateOutcome.Invariant, rig.Forget(1));
        Assert.Equal(LoadOutcome.Loaded, rig.Get(1, tenant: rig.TenantB).Outcome);
    }

    [Fact]
    public void A_flipped_bit_in_a_frame_is_corrupt_and_found_by_the_deep_audit()
    {
        using StoreRig rig = new(tenantA: new TenantOptions { Shards = 1 });
        rig.Put(1, Zpages.Make(1, 1000));
        Shard shard = rig.TenantA.Shards[0];
        lock (shard.Gate)
        {
            shard.Pool.Map(shard.Index[default, new Slot(1)].Handle)[500] ^= 1;
        }

        Loaded loaded = rig.Get(1);

        Assert.Equal(LoadOutcome.Corrupt, loaded.Outcome);
        Assert.Empty(loaded.Zpage);
        Assert.Single(StoreAudit.Run(rig.TenantA, deep: true).Violations);
        Assert.Empty(StoreAudit.Run(rig.TenantA, deep: false).Violations);
    }

    [Fact]
    public void The_server_encodes_raw_pages_on_request()
    {
        using StoreRig rig = new();
        byte[] page = new byte[PageSize.Bytes];
        for (int i = 0; i < page.Length; i++)
        {
            page[i] = (byte)(i / 100);
        }

        StoreBatch batch = new() { Count = 2, Encode = true, Zpages = Zpages.Message(page, new byte[PageSize.Bytes]) };
        for (int i = 0; i < 2; i++)
        {
            batch.Slots[i] = (ulong)i;
            batch.Sizes[i] = PageSize.Bytes;
            batch.Encodings[i] = ZpageEncoding.Raw;
            batch.ZpageChecksums[i] = PageChecksum.OfZpage(i == 0 ? page : new byte[PageSize.Bytes]);
        }

        rig.Store.Store(rig.TenantA, batch);

        Assert.Equal([StoreOutcome.Stored, StoreOutcome.SameFilled], batch.Outcomes[..2]);
        byte[] decoded = new byte[PageSize.Bytes];
        Assert.Equal(ZpageFault.None, PageCodec.Default.Decode(ZpageEncoding.Lz4, rig.Get(0).Zpage, decoded));
        Assert.Equal(page, decoded);
    }

    [Fact]
    public async Task A_batch_mixes_pages_from_memory_spill_and_nowhere()
    {
        MemoryTarget target = new();
        using StoreRig rig = new(target: target, tenantA: new TenantOptions { Shards = 1 });
        rig.Put(1, Zpages.Make(1, 1111));
        rig.Put(2, Zpages.Make(2, 2222));
        await rig.Store.ReclaimAsync(rig.TenantA, 1, 8);
        rig.Put(4, Zpages.Make(4, 444));
        rig.Put(5, new byte[8]);
        LoadBatch batch = new() { Count = 6 };
        for (int i = 0; i < 6; i++)
        {
            batch.Slots[i] = (ulong)i;
        }

        await rig.Store.LoadAsync(rig.TenantA, batch);

        Assert.Equal(
            [
                LoadOutcome.NotFound, LoadOutcome.Loaded, LoadOutcome.Loaded,
                LoadOutcome.NotFound, LoadOutcome.Loaded, LoadOutcome.Loaded,
            ],
            batch.Outcomes[..6]);
        Assert.Equal(
            [.. Zpages.Make(1, 1111), .. Zpages.Make(2, 2222), .. Zpages.Make(4, 444), .. new byte[8]],
            batch.Zpages.ToArray());

        target.Damage(200);
        await rig.Store.LoadAsync(rig.TenantA, batch);

        Assert.Equal(LoadOutcome.Corrupt, batch.Outcomes[1]);
        Assert.Equal([.. Zpages.Make(4, 444), .. new byte[8]], batch.Zpages.ToArray());
    }

    [Fact]
    public void Index_and_handle_cost_less_than_24_bytes_a_page()
    {
        const int Pages = 300_000;
        using StoreRig rig = new(512 << 20, tenantA: new TenantOptions { Shards = 4, LimitBytes = 512 << 20 });
        byte[] zpage = Zpages.Make(1, 40);
        for (ulong slot = 0; slot < Pages; slot++)
        {
            rig.Put(slot, zpage);
        }

        double indexBytesPerPage = (double)rig.Figures().IndexBytes / Pages;
        TestContext.Current.TestOutputHelper?.WriteLine($"index {indexBytesPerPage:0.00} B a page");

        Assert.InRange(indexBytesPerPage, 16, 24);
        rig.Store.InvalidateArea(rig.TenantA, default);
        rig.AssertEmpty();
        Assert.Equal(0, rig.Store.Arena.FramesCommitted);
    }
}
