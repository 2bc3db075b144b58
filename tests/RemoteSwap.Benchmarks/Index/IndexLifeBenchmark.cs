using BenchmarkDotNet.Attributes;
using RemoteSwap.Benchmarks.Data;
using RemoteSwap.Codec;
using RemoteSwap.Pool;
using RemoteSwap.Store;

namespace RemoteSwap.Benchmarks.Index;

/// <summary>
/// The whole life of an entry: a million slots are filled from nothing and emptied again; leaves come and go, and the
/// memory for them. Figures are for one entry: one publish and one remove.
/// </summary>
[MemoryDiagnoser]
public class IndexLifeBenchmark
{
    private const int Entries = 1_000_000;
    private static readonly SwapEntry Entry =
        SwapEntry.Zpage(new Generation(9), ZpageEncoding.Lz4, new ZbudHandle(77), 1600);
    private int[] _publishOrder = [];
    private int[] _removeOrder = [];

    [Params(IndexOrder.Sequential, IndexOrder.Random)]
    public IndexOrder Order { get; set; }

    [GlobalSetup]
    public void SetOrder()
    {
        bool random = Order == IndexOrder.Random;
        _publishOrder = random ? FillOrder.Random(Entries, seed: 5) : FillOrder.Sequential(Entries);
        _removeOrder = random ? FillOrder.Random(Entries, seed: 6) : FillOrder.Sequential(Entries);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Entries)]
    public long Dictionary()
    {
        LockedDictionary dictionary = new();
        foreach (int slot in _publishOrder)
        {
            dictionary.Publish((ulong)slot, Entry);
        }

        foreach (int slot in _removeOrder)
        {
            _ = dictionary.Remove((ulong)slot);
        }

        return dictionary.Count;
    }

    [Benchmark(OperationsPerInvoke = Entries)]
    public long Index()
    {
        using SlotIndex index = new(Entries);
        foreach (int slot in _publishOrder)
        {
            index.Publish((ulong)slot, Entry);
        }

        foreach (int slot in _removeOrder)
        {
            _ = index.Remove((ulong)slot);
        }

        return index.Count;
    }
}
