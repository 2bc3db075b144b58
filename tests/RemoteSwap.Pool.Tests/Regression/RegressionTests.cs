using System.Collections.Concurrent;
using Xunit;

namespace RemoteSwap.Pool.Tests.Regression;

/// <summary>
/// Bugs that zbud, zswap and z3fold had (KERNEL 7.3), as far as they can happen in a pool. Each test has a mutant in
/// <see cref="RegressionMutants"/> that puts the bug in.
/// </summary>
public sealed class RegressionTests
{
    private static readonly bool[] BothKinds = [false, true];

    [Fact]
    public void B1_a_recycled_frame_remembers_nothing()
    {
        foreach (bool headless in BothKinds)
        {
            using PoolRig rig = new(arena => new DirtyFrames(arena), poison: false);
            ZbudHandle one = rig.Allocate(1, headless);
            Assert.Empty(rig.Violations());
            ZbudHandle two = rig.Allocate(2, headless);
            Assert.Empty(rig.Violations());

            Assert.True(rig.Free(one));
            Assert.Empty(rig.Violations());
            Assert.True(rig.Free(two));
            Assert.Equal(0, rig.FrameCount);
            Assert.Equal(0, rig.Arena.FramesInUse);
        }
    }

    [Fact]
    public void B2_a_zpage_that_leaves_no_room_for_a_buddy_is_refused()
    {
        using PoolRig rig = new();
        lock (rig.Pool.Gate)
        {
            for (int size = 3969; size <= FrameArena.FrameBytes; size++)
            {
                Assert.Equal(AllocStatus.NoSpace, rig.Pool.TryAllocate(size, out ZbudHandle handle));
                Assert.True(handle.IsNone);
            }

            Assert.Equal(0, rig.Pool.FrameCount);
            Assert.Equal(AllocStatus.Ok, rig.Pool.TryAllocate(3968, out _));
            Assert.Equal(AllocStatus.Ok, rig.Pool.TryAllocate(64, out _));
            Assert.Equal(1, rig.Pool.FrameCount);
        }
    }

    [Fact]
    public void B12_the_reclaimer_does_not_look_at_a_frame_after_giving_up_the_lock()
    {
        using PoolRig rig = new();
        ZbudHandle first = rig.Allocate(1, 1984);
        ZbudHandle last = rig.Allocate(2, 1984);
        List<ZbudHandle> offered = [];

        ReclaimStatus status = rig.Reclaim(8, handle =>
        {
            offered.Add(handle);

            // Another thread frees last while first is evicted; the handle noted before is offered all the same.
            _ = rig.Free(last);
            _ = rig.Free(handle);
            return true;
        });

        Assert.Equal(ReclaimStatus.Freed, status);
        Assert.Equal([first, last], offered);
        Assert.Equal(0, rig.FrameCount);
        Assert.Equal(0, rig.Frames.Outstanding);
        Assert.Empty(rig.Violations());
    }

    [Fact]
    public void B12_a_frame_that_others_emptied_is_freed_although_its_eviction_failed()
    {
        foreach (bool headless in BothKinds)
        {
            using PoolRig rig = new();
            List<ZbudHandle> old = [rig.Allocate(1, headless)];
            old.AddRange(headless ? [] : [rig.Allocate(2, 1984)]);
            ZbudHandle young = rig.Allocate(3, headless);
            int calls = 0;

            ReclaimStatus status = rig.Reclaim(8, _ =>
            {
                calls++;
                Assert.All(old, handle => Assert.True(rig.Free(handle)));
                return false;
            });

            Assert.Equal((ReclaimStatus.Freed, 1), (status, calls));
            Assert.Equal(1, rig.FrameCount);
            Assert.True(rig.IsLive(young));
            Assert.Empty(rig.Violations());
            Assert.True(rig.Free(young));
            Assert.Equal(0, rig.Frames.Outstanding);
        }
    }

    [Fact]
    public void B17_a_zpage_freed_during_its_eviction_is_freed_once()
    {
        foreach (bool headless in BothKinds)
        {
            using PoolRig rig = new();
            _ = rig.Allocate(1, headless);
            ZbudHandle other = rig.Allocate(2, headless);
            List<ZbudHandle> offered = [];

            ReclaimStatus status = rig.Reclaim(1, handle =>
            {
                offered.Add(handle);
                Assert.True(rig.Free(handle));
                Assert.False(rig.Free(handle));
                return true;
            });

            Assert.Equal(ReclaimStatus.Freed, status);
            Assert.Equal(headless ? 1 : 2, offered.Count);
            Assert.Equal(headless ? 1 : 0, rig.FrameCount);
            Assert.Equal(headless, rig.IsLive(other));
            Assert.Empty(rig.Violations());
        }
    }

    [Fact]
    public void B17_a_headless_frame_offers_one_zpage_whatever_its_header_cell()
    {
        using PoolRig rig = new();
        ZbudHandle[] handles = [rig.AllocateHeadless(1), rig.AllocateHeadless(2), rig.AllocateHeadless(3)];
        List<ZbudHandle> offered = [];

        for (int i = 0; i < handles.Length; i++)
        {
            // An evictor that claims success without freeing: a second zpage would be offered now.
            Assert.Equal(ReclaimStatus.TryAgain, rig.Reclaim(1, handle =>
            {
                offered.Add(handle);
                return true;
            }));
        }

        Assert.Equal(handles, offered);
        Assert.Empty(rig.Violations());
    }

    [Fact]
    public void B17_a_pinned_zpage_that_is_evicted_is_released_at_its_last_unpin()
    {
        foreach (bool headless in BothKinds)
        {
            foreach (bool unpinMeanwhile in BothKinds)
            {
                using PoolRig rig = new();
                FramePin pin = rig.Pin(rig.Allocate(1, headless));

                ReclaimStatus status = rig.Reclaim(1, handle =>
                {
                    Assert.True(rig.Free(handle));
                    Assert.True(rig.Holds(pin, 1, 1984));
                    if (unpinMeanwhile)
                    {
                        rig.Unpin(pin);
                    }

                    return true;
                });

                Assert.Equal(unpinMeanwhile ? ReclaimStatus.Freed : ReclaimStatus.TryAgain, status);
                if (!unpinMeanwhile)
                {
                    Assert.Empty(rig.Violations());
                    Assert.Equal(1, rig.FrameCount);
                    Assert.True(rig.Holds(pin, 1, 1984));
                    rig.Unpin(pin);
                }

                Assert.Equal(0, rig.FrameCount);
                Assert.Equal(0, rig.Frames.Outstanding);
            }
        }
    }

    [Fact]
    public void B18_a_reader_of_the_old_version_ends_its_pin_after_a_duplicate_store()
    {
        foreach (bool headless in BothKinds)
        {
            using PoolRig rig = new();
            ZbudHandle old = rig.Allocate(1, headless);
            FramePin reader = rig.Pin(old);
            ZbudHandle young = rig.Allocate(2, headless);
            Assert.True(rig.Free(old));

            Assert.False(rig.IsLive(old));
            Assert.True(rig.Holds(reader, 1, 1984));
            ZbudHandle next = rig.Allocate(3, headless);
            Assert.True(rig.Holds(reader, 1, 1984));
            int before = rig.FrameCount;
            rig.Unpin(reader);

            Assert.Equal(headless ? before - 1 : before, rig.FrameCount);
            Assert.False(rig.Free(old));
            Assert.True(rig.Holds(young, 2, 1984));
            Assert.True(rig.Holds(next, 3, 1984));
            Assert.Empty(rig.Violations());
            Assert.True(rig.Free(young) && rig.Free(next));
            Assert.Equal(0, rig.Frames.Outstanding);
        }
    }

    [Fact]
    public void B21_parallel_allocations_never_take_more_frames_than_zpages()
    {
        const int Threads = 4;
        const int Zpages = 200;
        using PoolRig rig = new();
        ConcurrentBag<ZbudHandle> kept = [];
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            for (int i = 0; i < Zpages; i++)
            {
                ZbudHandle handle = rig.Allocate((thread * Zpages) + i, 1984);
                lock (rig.Pool.Gate)
                {
                    PoolStatistics statistics = rig.Pool.Statistics;
                    Assert.InRange(statistics.Frames, (statistics.Zpages + 1) / 2, statistics.Zpages);
                }

                // Every third goes again, so that frames with a free side come and go.
                if (i % 3 != 0)
                {
                    kept.Add(handle);
                }
                else
                {
                    Assert.True(rig.Free(handle));
                }
            }
        });

        Assert.Empty(rig.Violations());
        Assert.All(kept, handle => Assert.True(rig.Free(handle)));
        Assert.Equal(0, rig.FrameCount);
        Assert.Equal(0, rig.Frames.Outstanding);
    }

    [Fact]
    public void B22_a_stale_handle_that_is_offered_names_nobody_else()
    {
        using PoolRig rig = new();
        ZbudHandle first = rig.Allocate(1, 1984);
        ZbudHandle last = rig.Allocate(2, 1984);
        ZbudHandle reused = ZbudHandle.None;
        List<ZbudHandle> stale = [];

        ReclaimStatus status = rig.Reclaim(1, handle =>
        {
            if (handle == first)
            {
                // Another thread frees last, and its place in the handle table goes to a new zpage.
                Assert.True(rig.Free(last));
                reused = rig.Allocate(3, 1984);
            }

            if (!rig.IsLive(handle))
            {
                stale.Add(handle);
                return true;
            }

            return rig.Free(handle);
        });

        Assert.Equal(ReclaimStatus.Freed, status);
        Assert.Equal([last], stale);
        Assert.Equal(last.Index, reused.Index);
        Assert.False(rig.Free(last));
        Assert.True(rig.Holds(reused, 3, 1984));
        Assert.Empty(rig.Violations());
    }
}
