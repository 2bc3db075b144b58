using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using RemoteSwap.Benchmarks.Data;
using RemoteSwap.Codec;
using RemoteSwap.Pool;
using RemoteSwap.Store;

namespace RemoteSwap.Benchmarks.Index;

/// <summary>Index A with all entries there, next to a dictionary with a lock. Each operation takes the lock.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class IndexBenchmark
{
    private const int Operations = 1024;
    private static readonly SwapEntry Entry =
        SwapEntry.Zpage(new Generation(9), ZpageEncoding.Lz4, new ZbudHandle(77), 1600);
    private SlotIndex _index = null!;
    private LockedDictionary _dictionary = null!;
    private NumberDraw _slots = null!;

    [Params(10_000, 1_000_000, 4_000_000)]
    public int Entries { get; set; }

    [Params(IndexOrder.Sequential, IndexOrder.Random)]
    public IndexOrder Order { get; set; }

    [GlobalSetup(Targets = [nameof(IndexPublish), nameof(IndexLookUp), nameof(IndexRemovePublish)])]
    public void FillIndex()
    {
        _slots = new NumberDraw(Entries, Order == IndexOrder.Sequential);
        _index = new SlotIndex(Entries);
        foreach (int slot in FillSlots())
        {
            _index.Publish((ulong)slot, Entry);
        }
    }

    [GlobalSetup(Targets = [nameof(DictionaryPublish), nameof(DictionaryLookUp), nameof(DictionaryRemovePublish)])]
    public void FillDictionary()
    {
        _slots = new NumberDraw(Entries, Order == IndexOrder.Sequential);
        _dictionary = new LockedDictionary();
        foreach (int slot in FillSlots())
        {
            _dictionary.Publish((ulong)slot, Entry);
        }
    }

    [GlobalCleanup(Targets = [nameof(IndexPublish), nameof(IndexLookUp), nameof(IndexRemovePublish)])]
    public void GiveBack()
    {
        CheckCount(_index.Count);
        _index.Dispose();
    }

    [GlobalCleanup(Targets = [nameof(DictionaryPublish), nameof(DictionaryLookUp), nameof(DictionaryRemovePublish)])]
    public void Drop()
    {
        CheckCount(_dictionary.Count);
        _dictionary = null!;
    }

    [BenchmarkCategory("Publish over"), Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void DictionaryPublish()
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            _dictionary.Publish((ulong)_slots.Next(), Entry);
        }
    }

    [BenchmarkCategory("Publish over"), Benchmark(OperationsPerInvoke = Operations)]
    public void IndexPublish()
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            _index.Publish((ulong)_slots.Next(), Entry);
        }
    }

    [BenchmarkCategory("Look up"), Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public ulong DictionaryLookUp()
    {
        ulong sum = 0;
        for (int operation = 0; operation < Operations; operation++)
        {
            sum += _dictionary.LookUp((ulong)_slots.Next()).Generation.Value;
        }

        return sum;
    }

    [BenchmarkCategory("Look up"), Benchmark(OperationsPerInvoke = Operations)]
    public ulong IndexLookUp()
    {
        ulong sum = 0;
        for (int operation = 0; operation < Operations; operation++)
        {
            sum += _index.LookUp((ulong)_slots.Next()).Generation.Value;
        }

        return sum;
    }

    [BenchmarkCategory("Remove, publish"), Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void DictionaryRemovePublish()
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            ulong slot = (ulong)_slots.Next();
            _dictionary.Publish(slot, _dictionary.Remove(slot));
        }
    }

    [BenchmarkCategory("Remove, publish"), Benchmark(OperationsPerInvoke = Operations)]
    public void IndexRemovePublish()
    {
        for (int operation = 0; operation < Operations; operation++)
        {
            ulong slot = (ulong)_slots.Next();
            _index.Publish(slot, _index.Remove(slot));
        }
    }

    private int[] FillSlots() =>
        Order == IndexOrder.Sequential ? FillOrder.Sequential(Entries) : FillOrder.Random(Entries, seed: 5);

    private void CheckCount(long count)
    {
        if (count != Entries)
        {
            throw new InvalidOperationException($"{count} entries instead of {Entries}");
        }
    }
}
