using BenchmarkDotNet.Attributes;
using RemoteSwap.Benchmarks.Data;

namespace RemoteSwap.Benchmarks.Codec;

/// <summary>
/// The floor under everything: a copy of the bytes, within the cache or to and from random places of 1 GiB.
/// </summary>
[MemoryDiagnoser]
public class MemcpyBenchmark
{
    private const int Operations = 256;
    private const int Frames = 1 << 18;
    private const int MaxBytes = 4096;

    // Half a page off: between addresses that are equal modulo 4 KiB a copy can be several times slower.
    private const int ToOffset = MaxBytes + 2048;
    private readonly byte[] _room = new byte[ToOffset + MaxBytes];
    private ColdMemory _memory = null!;
    private NumberDraw _frames = null!;

    [Params(1600, MaxBytes)]
    public int Bytes { get; set; }

    private ReadOnlySpan<byte> From => _room.AsSpan(0, Bytes);

    private Span<byte> To => _room.AsSpan(ToOffset, Bytes);

    [GlobalSetup]
    public void Fill()
    {
        _memory = new ColdMemory(Frames);
        _frames = new NumberDraw(Frames);
    }

    [GlobalCleanup]
    public void GiveBack() => _memory.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void InCache()
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            From.CopyTo(To);
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void ToCold()
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            From.CopyTo(_memory[_frames.Next()]);
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void FromCold()
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            _memory[_frames.Next()][..Bytes].CopyTo(To);
        }
    }
}
