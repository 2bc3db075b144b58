using BenchmarkDotNet.Attributes;
using RemoteSwap.Codec;
using RemoteSwap.Store;

namespace RemoteSwap.Benchmarks.Store;

/// <summary>
/// The spill file alone, through the system's cache: 32 frames written, as the writer does at once, and one read back
/// from a random place, as a load does; with images in the clear and sealed.
/// </summary>
[MemoryDiagnoser]
public class SpillFileBenchmark
{
    private const int Batch = 32;
    private const int Places = 1 << 15;
    private const int HeaderBytes = 64;

    private readonly byte[] _frames = new byte[Batch * PageSize.Bytes];
    private readonly byte[] _headers = new byte[Batch * HeaderBytes];
    private readonly byte[] _frame = new byte[PageSize.Bytes];
    private readonly SpillPlace[] _places = new SpillPlace[Places];
    private readonly Random _random = new(2);
    private string _folder = "";
    private SpillFile _file = null!;
    private int _next;

    /// <summary>Whether images are sealed.</summary>
    [Params(false, true)]
    public bool Encrypt { get; set; }

    /// <summary>Fills a file.</summary>
    [GlobalSetup]
    public async Task BeginAsync()
    {
        _folder = Directory.CreateTempSubdirectory("remoteswap-bench-").FullName;
        _file = new SpillFile(Path.Combine(_folder, "spill"), (long)Places * PageSize.Bytes, isSealed: Encrypt);
        new Random(1).NextBytes(_frames);
        for (int place = 0; place < Places; place++)
        {
            _file.TryReserve(out _places[place]);
        }

        for (int written = 0; written < Places; written += Batch)
        {
            await WriteAsync();
        }
    }

    /// <summary>Deletes it.</summary>
    [GlobalCleanup]
    public void End()
    {
        _file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>32 frames, written.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task WriteAsync()
    {
        await _file.WriteAsync(_places.AsMemory(_next, Batch), _frames, _headers);
        _next = (_next + Batch) % Places;
    }

    /// <summary>A frame, read.</summary>
    [Benchmark]
    public async Task ReadAsync() =>
        await _file.ReadAsync(_places[_random.Next(Places)], _frame, Memory<byte>.Empty);
}
