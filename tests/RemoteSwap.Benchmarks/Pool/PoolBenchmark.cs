using BenchmarkDotNet.Attributes;
using RemoteSwap.Benchmarks.Data;
using RemoteSwap.Pool;

namespace RemoteSwap.Benchmarks.Pool;

/// <summary>
/// What a pool does to zpages that are picked at random, next to the copy of a frame from a random place.
/// </summary>
[MemoryDiagnoser]
public class PoolBenchmark
{
    private const int Operations = 256;
    private readonly byte[] _copy = new byte[FrameArena.FrameBytes];
    private FilledPool _pool = null!;
    private ColdMemory _memory = null!;
    private NumberDraw _zpages = null!;
    private NumberDraw _frames = null!;

    [Params(10_000, 1_000_000)]
    public int Live { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _pool = new FilledPool(Live);
        _zpages = new NumberDraw(Live);
    }

    [GlobalSetup(Target = nameof(CopyFrame))]
    public void FillMemory()
    {
        // As many frames as hold that many zpages.
        _memory = new ColdMemory(Live / 2);
        _frames = new NumberDraw(_memory.Frames);
    }

    [GlobalCleanup]
    public void GiveBack() => _pool.Dispose();

    [GlobalCleanup(Target = nameof(CopyFrame))]
    public void GiveBackMemory() => _memory.Dispose();

    /// <summary>Copies 4 KiB from a random frame to one that is in the cache.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void CopyFrame()
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            _memory[_frames.Next()].CopyTo(_copy);
        }
    }

    /// <summary>Frees a random zpage and allocates another, of a size from the mix.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void Churn()
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            ref ZbudHandle handle = ref _pool.Handles[_zpages.Next()];
            _pool.Free(handle);
            handle = _pool.Allocate(_pool.NextSize());
        }
    }

    /// <summary>Pins a random zpage and unpins it.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void PinAndUnpin()
    {
        ZbudPool pool = _pool.Pool;
        for (int operation = 0; operation < Operations; operation++)
        {
            FramePin pin;
            lock (pool.Gate)
            {
                pin = pool.Pin(_pool.Handles[_zpages.Next()]);
            }

            lock (pool.Gate)
            {
                pool.Unpin(pin);
            }
        }
    }

    /// <summary>Moves the frame of a random zpage.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void Migrate()
    {
        ZbudPool pool = _pool.Pool;
        for (int operation = 0; operation < Operations; operation++)
        {
            lock (pool.Gate)
            {
                MoveStatus status = _pool.Migrator.TryMigrate(_pool.Handles[_zpages.Next()]);
                if (status != MoveStatus.Moved)
                {
                    throw new InvalidOperationException($"a frame did not move: {status}");
                }
            }
        }
    }
}
