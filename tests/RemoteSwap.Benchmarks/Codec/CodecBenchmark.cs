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
    private readonly int[] _blockSizes = new int[Pages];
    private byte[][] _pages = null!;
    private byte[] _blocks = null!;
    private PageCodec _codec = null!;

    [Params(PageKind.ManagedDll, PageKind.NativeSo, PageKind.Text)]
    public PageKind Kind { get; set; }

    /// <summary>Which codec compresses and decompresses; the other figures do not depend on it.</summary>
    [Params("k4os", "native")]
    public string Blocks { get; set; } = "";

    [GlobalSetup]
    public void Read()
    {
        _codec = new PageCodec(BlockCodecChoice.Of(Blocks, NativeLz4BlockCodec.LibraryNames));
        _pages = RealPages.Of(Kind);
        for (int page = 0; page < Pages; page++)
        {
            int length = _codec.Encode(_pages[page], _room, out _encodings[page]);
            _zpages[page] = _room[..length];
        }

        // Only those that a batch of blocks holds.
        _blocks = [.. _zpages.SelectMany((zpage, page) => _encodings[page] == ZpageEncoding.Lz4 ? zpage : [])];
        for (int page = 0; page < Pages; page++)
        {
            _blockSizes[page] = _encodings[page] == ZpageEncoding.Lz4 ? _zpages[page].Length : 0;
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
            sum += _codec.Encode(page, _room, out _);
        }

        return sum;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Pages)]
    public ZpageFault Decode()
    {
        ZpageFault fault = ZpageFault.None;
        for (int page = 0; page < Pages; page++)
        {
            fault |= _codec.Decode(_encodings[page], _zpages[page], _room);
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

    /// <summary>The same, three blocks at a time, as the server does for a batch.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public int ValidateBatch() => Lz4BlockBatch.FirstMalformed(_encodings, _blockSizes, _blocks);

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
