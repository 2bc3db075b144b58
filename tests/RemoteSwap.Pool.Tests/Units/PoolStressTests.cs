using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

/// <summary>
/// Threads that store, read, free, reclaim, migrate and merge at once find every byte as it was written.
/// </summary>
public sealed class PoolStressTests
{
    private const int Threads = 4;
    private const int Rounds = 4000;
    private const int Slots = 40;

    [Fact]
    public void Parallel_work_loses_no_byte_and_no_frame()
    {
        using PoolRig rig = new();
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread => Work(rig, thread));

        Assert.Empty(rig.Violations());
        Assert.Equal(0, rig.FrameCount);
        Assert.Equal(0, rig.Frames.Outstanding);
        Assert.Equal(0, rig.Arena.FramesInUse);
    }

    private static void Work(PoolRig rig, int thread)
    {
        Random random = new(thread);
        (ZbudHandle Handle, int Id, int Size)[] slots = new (ZbudHandle, int, int)[Slots];
        for (int round = 0; round < Rounds; round++)
        {
            ref (ZbudHandle Handle, int Id, int Size) slot = ref slots[random.Next(Slots)];
            switch (random.Next(12))
            {
                case < 5:
                    _ = rig.Free(slot.Handle);
                    int size = random.Next(5) == 0 ? FrameArena.FrameBytes : random.Next(1, 3969);
                    int id = (thread * Rounds) + round;
                    slot = (size > 3968 ? rig.AllocateHeadless(id) : rig.Allocate(id, size), id, size);
                    break;
                case < 8:
                    Read(rig, slot);
                    break;
                case 8:
                    // Any thread's zpage may go; its owner finds the handle stale.
                    _ = rig.Reclaim(2, handle => random.Next(3) != 0 && rig.Free(handle));
                    break;
                case 9:
                    _ = rig.Free(slot.Handle);
                    break;
                default:
                    Move(rig, slot.Handle);
                    break;
            }
        }

        Array.ForEach(slots, slot => _ = rig.Free(slot.Handle));
    }

    private static void Read(PoolRig rig, (ZbudHandle Handle, int Id, int Size) slot)
    {
        FramePin pin;
        lock (rig.Pool.Gate)
        {
            if (!rig.Pool.IsLive(slot.Handle))
            {
                return;
            }

            pin = rig.Pool.Pin(slot.Handle);
        }

        // No lock: only the pin keeps these bytes.
        Assert.True(rig.Holds(pin, slot.Id, slot.Size));
        rig.Unpin(pin);
    }

    private static void Move(PoolRig rig, ZbudHandle handle)
    {
        lock (rig.Pool.Gate)
        {
            _ = rig.Merger.TryMergeOne();
            if (rig.Pool.IsLive(handle))
            {
                _ = rig.Migrator.TryMigrate(handle);
            }
        }
    }
}
