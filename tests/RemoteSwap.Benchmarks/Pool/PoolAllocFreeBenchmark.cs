using BenchmarkDotNet.Attributes;
using RemoteSwap.Benchmarks.Data;

namespace RemoteSwap.Benchmarks.Pool;

/// <summary>Allocates a zpage and frees it again, next to many live ones. No byte of a zpage is written.</summary>
[MemoryDiagnoser]
public class PoolAllocFreeBenchmark
{
    private FilledPool _pool = null!;

    [Params(10_000, 1_000_000)]
    public int Live { get; set; }

    [Params(700, 1600, 3000)]
    public int SizeBytes { get; set; }

    [GlobalSetup]
    public void Fill() => _pool = new FilledPool(Live);

    [GlobalCleanup]
    public void GiveBack() => _pool.Dispose();

    [Benchmark]
    public void AllocateAndFree() => _pool.Free(_pool.Allocate(SizeBytes));
}
