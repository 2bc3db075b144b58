using BenchmarkDotNet.Attributes;
using RemoteSwap.Benchmarks.Data;
using RemoteSwap.Codec;
using RemoteSwap.Store;

namespace RemoteSwap.Benchmarks.Store;

/// <summary>
/// A whole Store without the network: batches of 32 real zpages of about 1,600 bytes over pages that are stored
/// already, in random slots. Figures are for one page. The baseline copies the same bytes to random places of as much
/// memory.
/// </summary>
[MemoryDiagnoser]
public class StoreBenchmark
{
    private const int HalfFrame = 2048;
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
        // The store beside it only lends its batches.
        _store = new FilledStore(FilledStore.BatchPages);
        _memory = new ColdMemory(Stored / 2);
        _places = new NumberDraw(Stored);
    }

    [GlobalCleanup]
    public void GiveBack()
    {
        _store.CheckStored();
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
        ReadOnlySpan<byte> zpages = batch.Zpages.FirstSpan;
        for (int page = 0; page < FilledStore.BatchPages; page++)
        {
            int place = _places.Next();
            zpages[..batch.Sizes[page]].CopyTo(_memory[place / 2][(place % 2 * HalfFrame)..]);
            zpages = zpages[batch.Sizes[page]..];
        }
    }

    [Benchmark(OperationsPerInvoke = FilledStore.BatchPages)]
    public void Store() => _store.Store(_store.NextBatch());

    /// <summary>With what the server does before: the checksum of each zpage and the walk of its LZ4 block.</summary>
    [Benchmark(OperationsPerInvoke = FilledStore.BatchPages)]
    public void CheckAndStore()
    {
        StoreBatch batch = _store.NextBatch();
        ReadOnlySpan<byte> zpages = batch.Zpages.FirstSpan;
        for (int page = 0; page < FilledStore.BatchPages; page++)
        {
            ReadOnlySpan<byte> zpage = zpages[..batch.Sizes[page]];
            if (PageCodec.Check(batch.Encodings[page], zpage, batch.ZpageChecksums[page]) != ZpageFault.None)
            {
                throw new InvalidOperationException("a zpage is not valid");
            }

            zpages = zpages[batch.Sizes[page]..];
        }

        _store.Store(batch);
    }
}
