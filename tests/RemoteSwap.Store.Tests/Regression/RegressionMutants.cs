using RemoteSwap.Mutants;

namespace RemoteSwap.Store.Tests.Regression;

/// <summary>The bugs, each with the test that must fail when it is put in.</summary>
internal static class RegressionMutants
{
    private const string Refusals = nameof(RefusalTests);
    private const string Races = nameof(WritebackRaceTests);
    private const string Accounts = nameof(AccountingTests);
    private const string Late = nameof(LostAndLateTests);
    private const int Small = 1000;
    private const int Headless = 4096;

    public static IReadOnlyList<RegressionMutant> All { get; } =
    [
        new(Races, nameof(WritebackRaceTests.B3_failed_writeback_and_invalidate_leave_no_memory), [Small], new Mutant(
            "B3 pins stay when the write failed",
            "FrameWriteback.cs",
            "                    _shard.Pool.Unpin(_pins[pin++]);",
            "                    if (written) { _shard.Pool.Unpin(_pins[pin++]); }")),
        new(Accounts, nameof(AccountingTests.B4_a_thousand_areas_come_and_go_and_memory_is_flat), [], new Mutant(
            "B4 a leaf without entries is kept",
            "SwapIndex.cs",
            "frames.Return(slab.RemoveLeaf(leaf));",
            "slab.RemoveLeaf(leaf);")),
        new(Races, nameof(WritebackRaceTests.B5_load_and_invalidate_overlap_a_writeback), [Small], new Mutant(
            "B5 an invalidated page is committed all the same",
            "SpilledPages.cs",
            "if (!shard.Pool.IsLive(handle))",
            "if (false)")),
        new(Races, nameof(WritebackRaceTests.B5_a_load_in_progress_keeps_its_place), [Headless], new Mutant(
            "B5 a load in progress is no user of its place",
            new SourceEdit("Shard.cs", "Target!.AddUser(entry.Place);", ""),
            new SourceEdit("SpilledLoad.cs", "target.DropUser(entry.Place);", ""))),
        new(Refusals, nameof(RefusalTests.A_refused_store_leaves_no_old_page), ["TenantLimit"], KeepsOld(
            "B6 at the limit",
            "entry.IsEmpty && outcome != StoreOutcome.TenantLimit")),
        new(Refusals, nameof(RefusalTests.A_refused_store_leaves_no_old_page), ["PoolLimit"], KeepsOld(
            "B6 at the server's limit",
            "entry.IsEmpty && outcome != StoreOutcome.PoolLimit")),
        new(Refusals, nameof(RefusalTests.A_refused_store_leaves_no_old_page), ["CompressPoor"], KeepsOld(
            "B7 compress poor",
            "entry.IsEmpty && outcome != StoreOutcome.CompressPoor")),
        new(Refusals, nameof(RefusalTests.A_refused_store_leaves_no_old_page), ["AllocFail"], KeepsOld(
            "B7 no frame",
            "entry.IsEmpty && outcome != StoreOutcome.AllocFail")),
        new(Refusals, nameof(RefusalTests.A_refused_store_leaves_no_old_page), ["MetadataFail"], KeepsOld(
            "B7 no handle",
            "entry.IsEmpty && outcome != StoreOutcome.MetadataFail")),
        new(Refusals, nameof(RefusalTests.A_refused_store_leaves_no_old_page), ["Disabled"], KeepsOld(
            "B7 disabled",
            "entry.IsEmpty && outcome != StoreOutcome.Disabled")),
        new(Refusals, nameof(RefusalTests.A_refused_store_leaves_no_old_page), ["Draining"], KeepsOld(
            "B7 draining",
            "entry.IsEmpty && outcome != StoreOutcome.Draining")),
        new(Refusals, nameof(RefusalTests.A_refused_store_leaves_no_old_page), ["BatchAborted"], Partial(
            "B7 the rest of a batch stays")),
        new(Races, nameof(WritebackRaceTests.B8_a_slot_reused_during_writeback_keeps_its_new_page), [Small], new Mutant(
            "B8 the slot's entry is taken for the one that was written",
            new SourceEdit(
                "LiveZpage.cs",
                "entry.Kind == EntryKind.Zpage\n"
                + "                && entry.Handle == handle\n"
                + "                && record.Matches(record.Area, record.Slot, in entry)",
                "true"),
            new SourceEdit(
                "SpilledPages.cs",
                "if (!shard.Pool.IsLive(handle))",
                "handle = shard.Index[default, new Slot((ulong)buddy)].Handle; if (handle.IsNone)"))),
        new(Late, nameof(LostAndLateTests.B9_a_writeback_that_was_overtaken_holds_nothing), [], new Mutant(
            "B9 what was overtaken keeps its place",
            "FrameWriteback.cs",
            "                _target.DropUser(_places[image]);\n                _shard.Budget.EndFrame(",
            "                if (pages > 0) { _target.DropUser(_places[image]); }\n"
            + "                _shard.Budget.EndFrame(")),
        new(Late, nameof(LostAndLateTests.B10_a_page_that_is_handed_over_stays_until_it_has_arrived), [], new Mutant(
            "B10 a page that is handed over is dropped at once",
            "Shard.cs",
            "                Counters.ExclusivePending++;\n",
            "                Counters.ExclusivePending++;\n"
            + "                LoadOutcome taken = _storage.ReadZpage(area, slot, in entry, zpage, out page);\n"
            + "                _storage.Release(Index.Remove(area, slot, default));\n"
            + "                return taken;\n")),
        new(Late, nameof(LostAndLateTests.B11_an_area_that_goes_during_writeback_is_gone), [], new Mutant(
            "B11 pages of an area that is gone are committed",
            "SpilledPages.cs",
            "if (!shard.Pool.IsLive(handle))",
            "if (handle.IsNone)")),
        new(Late, nameof(LostAndLateTests.B16_a_store_out_of_a_writeback_does_not_wait_for_it), [], new Mutant(
            "B16 a writeback holds the pool's lock",
            new SourceEdit(
                "FrameWriteback.cs",
                "            await _target.WriteAsync(",
                "            lock (_shard.Gate) _target.WriteAsync("),
            new SourceEdit(
                "FrameWriteback.cs",
                "_headers.AsMemory(0, _count * FrameHeader.Bytes));\n            return true;",
                "_headers.AsMemory(0, _count * FrameHeader.Bytes)).AsTask().GetAwaiter().GetResult();\n"
                + "            await Task.CompletedTask;\n            return true;"))),
        new(Late, nameof(LostAndLateTests.B19_frames_that_move_keep_their_bytes), [], new Mutant(
            "B19 a zpage moves without its bytes",
            "FrameMerger.cs",
            "            .CopyTo(pool.Arena[target].Slice(Chunks.Offset(toSide, chunks), bytes));",
            "            .Clear();")),
        new(Late, nameof(LostAndLateTests.B20_loads_at_the_same_time_have_bytes_of_their_own), [], new Mutant(
            "B20 all loads have one reply buffer",
            "LoadBatch.cs",
            "    private byte[] _buffer = new byte[ZpageLimits.MaxBytes];",
            "    private static byte[] _buffer = new byte[ZpageLimits.MaxBytes];")),
        new(Late, nameof(LostAndLateTests.B23_a_late_copy_of_a_store_brings_nothing_back), [false], new Mutant(
            "B23 an empty slot has seen nothing",
            "SwapIndex.cs",
            "place = SwapEntry.Tombstone(seen.IsNewerThan(old.Generation) ? seen : old.Generation);",
            "place = default;")),
        new(Accounts, nameof(AccountingTests.B13_the_limit_is_never_exceeded), [], new Mutant(
            "B13 the limit is not looked at again",
            new SourceEdit(
                "FrameBudget.cs",
                "while (Used(state) < _gate.LimitFrames)",
                "while (Used(state) < _gate.LimitFrames * 2)"),
            new SourceEdit("LimitGate.cs", "if (usedFrames >= LimitFrames)", "if (usedFrames >= LimitFrames * 2)"))),
        new(Accounts, nameof(AccountingTests.B14_the_server_uses_what_its_tenants_use), [], new Mutant(
            "B14 the last tenant's usage is the server's",
            "StoreStatistics.cs",
            "            (long)store.Arena.FramesInUse * FrameArena.FrameBytes,",
            "            store.Tenants[^1].Budget.UsedFrames * FrameArena.FrameBytes,")),
        new(Accounts, nameof(AccountingTests.B15_a_tenant_at_its_limit_reclaims_from_itself_only), [], new Mutant(
            "B15 a tenant at its limit shrinks the first one",
            "VictimChoice.cs",
            "            victim.Look();\n            frames = Math.Min(StepFrames, victim.OwnDemand);\n",
            "            victim.Look();\n            frames = Math.Min(StepFrames, victim.OwnDemand);\n"
            + "            victim = victims[0];\n")),
        new(Races, nameof(WritebackRaceTests.B22_a_handle_freed_during_writeback_is_left_alone), [Headless], new Mutant(
            "B17 a headless frame's zpage is committed although it was freed",
            "SpilledPages.cs",
            "if (!shard.Pool.IsLive(handle))",
            "if (handle.IsNone)")),
        new(Races, nameof(WritebackRaceTests.B22_a_handle_freed_during_writeback_is_left_alone), [Small], new Mutant(
            "B22 a dead handle is acted on",
            "SpilledPages.cs",
            "if (!shard.Pool.IsLive(handle))",
            "if (handle.IsNone)")),
        new(Accounts, nameof(AccountingTests.B24_a_page_is_seen_whole_or_not_at_all), [], new Mutant(
            "B24 published before the bytes are there",
            new SourceEdit("EntryStorage.cs", "        ZpageTail.Write(page.Zpage, memory.Bytes, memory.Spare);", ""),
            new SourceEdit(
                "Shard.cs",
                "    public StoreOutcome Store(in StorePage page, StoreOutcome refusal, out Generation placed)\n    {",
                """
                    public StoreOutcome Store(in StorePage page, StoreOutcome refusal, out Generation placed)
                    {
                        StoreOutcome outcome = StoreEmpty(in page, refusal, out placed);
                        Thread.SpinWait(50_000);
                        lock (Gate)
                        {
                            page.Zpage.CopyTo(Pool.Map(Index[page.Area, page.Slot].Handle));
                        }

                        return outcome;
                    }

                    private StoreOutcome StoreEmpty(in StorePage page, StoreOutcome refusal, out Generation placed)
                    {
                """))),
        new(
            Accounts,
            nameof(AccountingTests.B25_a_batch_that_is_all_or_nothing_is_nothing_if_one_page_is_refused),
            [],
            Partial("B25 a batch is kept in part")),
        new(Races, nameof(WritebackRaceTests.B22_a_handle_is_not_used_again_while_its_page_is_written), [], new Mutant(
            "the handle of a pinned zpage is used again",
            new SourceEdit("ZbudPool.cs", "Handles.Retire(handle);", "Handles.Give(handle);"),
            new SourceEdit("ZbudPool.cs", "Handles.GiveRetired(pin.Handle.Index);", ""),
            new SourceEdit("LiveZpage.cs", "record == noted", "true"))),
        new(Accounts, nameof(AccountingTests.B25_a_late_repetition_takes_nothing_back), [], new Mutant(
            "a batch that is taken back takes pages that were there before",
            "BatchStore.cs",
            "            if (batch.Placed[page].IsNone)\n",
            "            batch.Placed[page] = new Generation(batch.Generations[page]);\n            if (false)\n")),
    ];

    private static Mutant KeepsOld(string name, string condition) =>
        new(
            $"{name}: the old page stays",
            "Shard.cs",
            "            if (entry.IsEmpty)\n            {\n                old = Index.Remove",
            $"            if ({condition})\n            {{\n                old = Index.Remove");

    private static Mutant Partial(string name) =>
        new(
            name,
            "BatchStore.cs",
            "if (!StorePages(tenant, batch, draining))",
            "if (!StorePages(tenant, batch, draining) && batch.Count == 0)");
}
