using BenchmarkDotNet.Attributes;
using RemoteSwap.Codec;

namespace RemoteSwap.Benchmarks.Codec;

/// <summary>The check for one repeated word, on a page in the cache, by where the page stops being one.</summary>
[MemoryDiagnoser]
public class SameFilledBenchmark
{
    private readonly byte[] _zero = new byte[PageSize.Bytes];
    private readonly byte[] _differsAtOnce = DifferentAt(sizeof(ulong));
    private readonly byte[] _differsBetweenProbes = DifferentAt(PageSize.Bytes * 3 / 4);
    private readonly byte[] _differsAtEnd = DifferentAt(PageSize.Bytes - 1);

    [Benchmark(Baseline = true)]
    public bool ZeroPage() => SameFilledPage.TryGetWord(_zero, out _);

    [Benchmark]
    public bool DiffersAtOnce() => SameFilledPage.TryGetWord(_differsAtOnce, out _);

    /// <summary>The dearest page that is not same-filled: the first, middle and last words agree.</summary>
    [Benchmark]
    public bool DiffersBetweenProbes() => SameFilledPage.TryGetWord(_differsBetweenProbes, out _);

    [Benchmark]
    public bool DiffersAtEnd() => SameFilledPage.TryGetWord(_differsAtEnd, out _);

    private static byte[] DifferentAt(int offset)
    {
        byte[] page = new byte[PageSize.Bytes];
        page.AsSpan(offset).Fill(1);
        if (offset < PageSize.Bytes - sizeof(ulong))
        {
            page.AsSpan(offset + sizeof(ulong)).Clear();
        }

        return page;
    }
}
