using BenchmarkDotNet.Attributes;
using RemoteSwap.Pool;

namespace RemoteSwap.Benchmarks.Pool;

/// <summary>Merges frames that hold one zpage each, two into one, until none is left: the work of Compact.</summary>
/// <remarks>An iteration is a single call, so the JIT needs more of them to warm up than the preset gives.</remarks>
[MemoryDiagnoser]
[WarmupCount(20)]
[IterationCount(15)]
public class PoolMergeBenchmark
{
    private const int Merges = 10_000;
    private const int Frames = 2 * Merges;
    private const int SizeBytes = 1600;
    private FrameArena _arena = null!;
    private ZbudPool _pool = null!;
    private FrameMerger _merger = null!;

    [IterationSetup]
    public void FillHalf()
    {
        _arena = new FrameArena(2 * Frames);
        _pool = new ZbudPool(_arena, _arena, number: 1, owner: 1);
        _merger = new FrameMerger(_pool);
        ZbudHandle[] handles = new ZbudHandle[2 * Frames];
        lock (_pool.Gate)
        {
            for (int zpage = 0; zpage < handles.Length; zpage++)
            {
                _ = _pool.TryAllocate(SizeBytes, out handles[zpage]);
                _pool.Map(handles[zpage]).Fill((byte)zpage);
            }

            // Frames fill in order, so this leaves one zpage in each.
            for (int zpage = 0; zpage < handles.Length; zpage += 2)
            {
                _ = _pool.Free(handles[zpage]);
            }
        }
    }

    [IterationCleanup]
    public void GiveBack()
    {
        int frames = _pool.FrameCount;
        _arena.Dispose();
        if (frames != Merges)
        {
            throw new InvalidOperationException($"{frames} frames are left after {Merges} merges of {Frames}");
        }
    }

    [Benchmark(OperationsPerInvoke = Merges)]
    public void MergeTwoFrames()
    {
        MoveStatus status = MoveStatus.Moved;
        while (status == MoveStatus.Moved)
        {
            lock (_pool.Gate)
            {
                status = _merger.TryMergeOne();
            }
        }
    }
}
