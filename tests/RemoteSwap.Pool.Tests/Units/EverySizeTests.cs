using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

/// <summary>Every size that a zpage can have.</summary>
public sealed class EverySizeTests
{
    [Fact]
    public void Every_size_reads_back_as_it_was_written()
    {
        using FrameArena arena = new(Chunks.MaxZpageBytes + 64, poison: true);
        ZbudPool pool = new(arena, arena, number: 1, owner: 1);
        ZbudHandle[] handles = new ZbudHandle[Chunks.MaxZpageBytes + 1];
        lock (pool.Gate)
        {
            for (int size = 1; size <= Chunks.MaxZpageBytes; size++)
            {
                Assert.Equal(AllocStatus.Ok, pool.TryAllocate(size, out handles[size]));
                Noise.Of(size, size).CopyTo(pool.Map(handles[size]));
                Noise.RecordOf(size).CopyTo(pool.OwnerRecord(handles[size]));
            }

            AssertHolds(pool, handles, step: 1);

            // Half of them go and others come: what stays is as it was, under the same handles.
            for (int size = 1; size <= Chunks.MaxZpageBytes; size += 2)
            {
                Assert.True(pool.Free(handles[size]));
            }

            AssertHolds(pool, handles, step: 2);
            for (int size = 1; size <= Chunks.MaxZpageBytes; size += 2)
            {
                Assert.Equal(AllocStatus.Ok, pool.TryAllocate(size, out ZbudHandle other));
                pool.Map(other).Fill(0xEE);
                pool.OwnerRecord(other).Fill(0xEE);
            }

            AssertHolds(pool, handles, step: 2);
            Assert.Equal(AllocStatus.NoSpace, pool.TryAllocate(Chunks.MaxZpageBytes + 1, out _));
            Assert.Equal(AllocStatus.Invalid, pool.TryAllocate(0, out _));
        }
    }

    private static void AssertHolds(ZbudPool pool, ZbudHandle[] handles, int step)
    {
        for (int size = step; size <= Chunks.MaxZpageBytes; size += step)
        {
            Assert.True(pool.Map(handles[size])[..size].SequenceEqual(Noise.Of(size, size)), $"{size} bytes");
            Assert.True(pool.OwnerRecord(handles[size]).SequenceEqual(Noise.RecordOf(size)), $"record of {size} bytes");
        }
    }
}
