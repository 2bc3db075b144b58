using BenchmarkDotNet.Attributes;
using RemoteSwap.Benchmarks.Data;
using RemoteSwap.Codec;

namespace RemoteSwap.Benchmarks.Codec;

/// <summary>
/// What is done to the bytes of a real page, as the mean of 256 different ones. Decoding is the baseline.
/// </summary>
/// <remarks>The JIT needs longer for the codec's large methods than the preset's warm-up lasts.</remarks>
[MemoryDiagnoser]
[WarmupCount(20)]
public class CodecBenchmark
{
    private const int Pages = RealPages.PagesPerKind;
    private readonly byte[] _room = new byte[PageSize.Bytes];
    private readonly byte[][] _zpages = new byte[Pages][];
    private readonly ZpageEncoding[] _encodings = new ZpageEncoding[Pages];
    private byte[][] _pages = null!;

    [Params(PageKind.ManagedDll, PageKind.NativeSo, PageKind.Text)]
    public PageKind Kind { get; set; }

    [GlobalSetup]
    public void Read()
    {
        _pages = RealPages.Of(Kind);
        for (int page = 0; page < Pages; page++)
        {
            int length = PageCodec.Default.Encode(_pages[page], _room, out _encodings[page]);
            _zpages[page] = _room[..length];
        }

        int raw = _encodings.Count(encoding => encoding == ZpageEncoding.Raw);
        double mean = _zpages.Average(zpage => zpage.Length);
        Console.WriteLine($"// {Kind}: mean zpage {mean:F0} bytes, {raw} of {Pages} pages RAW");
    }

    [Benchmark(OperationsPerInvoke = Pages)]
    public int Encode()
    {
        int sum = 0;
        foreach (byte[] page in _pages)
        {
            sum += PageCodec.Default.Encode(page, _room, out _);
        }

        return sum;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Pages)]
    public ZpageFault Decode()
    {
        ZpageFault fault = ZpageFault.None;
        for (int page = 0; page < Pages; page++)
        {
            fault |= PageCodec.Default.Decode(_encodings[page], _zpages[page], _room);
        }

        return fault;
    }

    /// <summary>Walks an LZ4 block without decoding it; RAW pages cost nothing here.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public bool ValidateBlock()
    {
        bool valid = true;
        for (int page = 0; page < Pages; page++)
        {
            valid &= _encodings[page] != ZpageEncoding.Lz4 || Lz4BlockFormat.DecodesToOnePage(_zpages[page]);
        }

        return valid;
    }

    [Benchmark(OperationsPerInvoke = Pages)]
    public uint ZpageChecksum()
    {
        uint sum = 0;
        foreach (byte[] zpage in _zpages)
        {
            sum ^= PageChecksum.OfZpage(zpage);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Pages)]
    public uint RawPageChecksum()
    {
        uint sum = 0;
        foreach (byte[] page in _pages)
        {
            sum ^= PageChecksum.OfPage(page, area: 1, slot: 2, generation: 3);
        }

        return sum;
    }
}
