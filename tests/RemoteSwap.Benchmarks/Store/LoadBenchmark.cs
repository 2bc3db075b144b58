using BenchmarkDotNet.Attributes;
using RemoteSwap.Benchmarks.Data;
using RemoteSwap.Codec;
using RemoteSwap.Store;

namespace RemoteSwap.Benchmarks.Store;

/// <summary>
/// A whole Load without the network: batches of 32 random slots. Figures are for one page, the check of its zpage
/// checksum included. The baseline copies the same bytes from random places of as much memory.
/// </summary>
[MemoryDiagnoser]
public class LoadBenchmark
{
    private const int HalfFrame = 2048;
    private readonly byte[] _reply = new byte[FilledStore.BatchPages * PageSize.Bytes];
    private FilledStore _store = null!;
    private ColdMemory _memory = null!;
    private NumberDraw _places = null!;

    [Params(10_016, 1_000_000)]
    public int Stored { get; set; }

    [GlobalSetup]
    public void Fill() => _store = new FilledStore(Stored);

    [GlobalSetup(Target = nameof(Memcpy))]
    public void FillMemory()
    {
        // The store beside it only lends the sizes of its batches.
        _store = new FilledStore(FilledStore.BatchPages);
        _memory = new ColdMemory(Stored / 2);
        _places = new NumberDraw(Stored);
    }

    [GlobalCleanup]
    public void GiveBack()
    {
        _store.CheckLoaded();
        _store.Dispose();
    }

    [GlobalCleanup(Target = nameof(Memcpy))]
    public void GiveBackMemory()
    {
        _store.Dispose();
        _memory.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = FilledStore.BatchPages)]
    public void Memcpy()
    {
        StoreBatch batch = _store.NextBatch();
        Span<byte> reply = _reply;
        for (int page = 0; page < FilledStore.BatchPages; page++)
        {
            int place = _places.Next();
            _memory[place / 2].Slice(place % 2 * HalfFrame, batch.Sizes[page]).CopyTo(reply);
            reply = reply[batch.Sizes[page]..];
        }
    }

    [Benchmark(OperationsPerInvoke = FilledStore.BatchPages)]
    public ValueTask Load() => _store.LoadAsync();
}
