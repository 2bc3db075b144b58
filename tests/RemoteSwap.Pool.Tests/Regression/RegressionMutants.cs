using RemoteSwap.Mutants;

namespace RemoteSwap.Pool.Tests.Regression;

/// <summary>For each test of <see cref="RegressionTests"/> the bugs that it is there for.</summary>
internal static class RegressionMutants
{
    /// <summary>Test method and bug; each row's test fails when its bug is put in.</summary>
    public static IReadOnlyList<(string Test, Mutant Mutant)> All { get; } =
    [
        (nameof(RegressionTests.B1_a_recycled_frame_remembers_nothing),
            new("under_reclaim is not initialised", "PoolFrames.cs",
                "arena.Meta(frame) = new FrameMeta { Kind = kind, Pool = number };",
                "bool was = arena.Meta(frame).UnderReclaim; "
                + "arena.Meta(frame) = new FrameMeta { Kind = kind, Pool = number, UnderReclaim = was };")),
        (nameof(RegressionTests.B1_a_recycled_frame_remembers_nothing),
            new("a recycled frame keeps its header", "FrameHeaders.cs", "chunk.Clear();", "_ = chunk.Length;")),
        (nameof(RegressionTests.B2_a_zpage_that_leaves_no_room_for_a_buddy_is_refused),
            new("the size check lacks a chunk", "Chunks.cs",
                "FrameArena.FrameBytes - FrameHeader.Bytes - Bytes", "FrameArena.FrameBytes - FrameHeader.Bytes")),
        (nameof(RegressionTests.B12_the_reclaimer_does_not_look_at_a_frame_after_giving_up_the_lock),
            new("users are read after the lock is given up", "FrameReclaimer.cs",
                "evictor.TryEvict(ticket.Last);", "evictor.TryEvict(pool.Frames.User(ticket.Frame, Buddy.Last));")),
        (nameof(RegressionTests.B12_a_frame_that_others_emptied_is_freed_although_its_eviction_failed),
            new("an emptied frame is forgotten", "PoolFrames.cs",
                "Drop(frame, ref meta);\n            return true;", "return true;")),
        (nameof(RegressionTests.B12_a_frame_that_others_emptied_is_freed_although_its_eviction_failed),
            new("LAST is tried after FIRST failed", "FrameReclaimer.cs",
                "if (ticket.First.IsNone || evictor.TryEvict(ticket.First))",
                "_ = ticket.First.IsNone || evictor.TryEvict(ticket.First);")),
        (nameof(RegressionTests.B17_a_zpage_freed_during_its_eviction_is_freed_once),
            new("free disposes of a headless frame under reclaim", "PoolFrames.cs",
                "if (meta.UnderReclaim)", "if (meta.UnderReclaim && meta.Kind != FrameKind.Headless)")),
        (nameof(RegressionTests.B17_a_zpage_freed_during_its_eviction_is_freed_once),
            new("free disposes of a frame under reclaim", "PoolFrames.cs",
                "if (meta.UnderReclaim)", "if (meta.UnderReclaim && meta.Kind != FrameKind.Zbud)")),
        (nameof(RegressionTests.B17_a_headless_frame_offers_one_zpage_whatever_its_header_cell),
            new("a headless frame's header cell is taken for a handle", "PoolFrames.cs",
                "meta.Kind == FrameKind.Headless && buddy == Buddy.Last", "meta.Pins > 0 && buddy == Buddy.Last")),
        (nameof(RegressionTests.B17_a_pinned_zpage_that_is_evicted_is_released_at_its_last_unpin),
            new("eviction does not wait for the pin", "ZbudPool.cs",
                "if (_pins.TryDefer(place))",
                "if (_pins.TryDefer(place) && !Frames.UnderReclaim.Contains(place.Frame))")),
        (nameof(RegressionTests.B18_a_reader_of_the_old_version_ends_its_pin_after_a_duplicate_store),
            new("free does not wait for the pin", "ZbudPool.cs",
                "if (_pins.TryDefer(place))", "if (_pins.TryDefer(place) && place.Frame.Equals(FrameNumber.None))")),
        (nameof(RegressionTests.B18_a_reader_of_the_old_version_ends_its_pin_after_a_duplicate_store),
            new("unpin goes by the handle's present place", "ZbudPool.cs",
                "Frames.Vacate(pin.Place);", "Frames.Vacate(Handles.Resolve(Handles.Live(pin.Handle.Index)));")),
        (nameof(RegressionTests.B21_parallel_allocations_never_take_more_frames_than_zpages),
            new("a frame is created although one fits", "ZbudPool.cs",
                "bool isNew = !Frames.Lists.TryTakeFitting(chunks, out FrameNumber frame);",
                "bool isNew = !Frames.Lists.TryTakeFitting(chunks, out FrameNumber frame);\n"
                + "        if (!isNew && !Frames.TryAdd(FrameKind.Zbud, out _)) { isNew = true; }")),
        (nameof(RegressionTests.B21_parallel_allocations_never_take_more_frames_than_zpages),
            new("a frame that is given back stays counted", "PoolFrames.cs", "Count--;", "Count -= 0;")),
        (nameof(RegressionTests.B22_a_stale_handle_that_is_offered_names_nobody_else),
            new("a handle's generation is not compared", "HandleTable.cs",
                "&& Generation(handle.Index, in At(handle.Index)) == handle.Generation;",
                "&& Generation(handle.Index, in At(handle.Index)) >= handle.Generation;")),
        (nameof(RegressionTests.B22_a_stale_handle_that_is_offered_names_nobody_else),
            new("a freed handle keeps its generation", "HandleTable.cs",
                "cell.Generation++;", string.Empty)),
    ];
}
