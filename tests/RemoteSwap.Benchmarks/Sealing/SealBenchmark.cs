using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using RemoteSwap.Client;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Sealing;
using RemoteSwap.Codec;

namespace RemoteSwap.Benchmarks.Sealing;

/// <summary>
/// What sealing costs a page on the client's side: a page that compresses 2:1, encoded for the wire and decoded again,
/// unsealed and sealed; and the seal alone.
/// </summary>
[MemoryDiagnoser]
[WarmupCount(20)]
public class SealBenchmark
{
    private const int HalfBytes = PageSize.Bytes / 2;
    private readonly byte[] _page = new byte[PageSize.Bytes];
    private readonly byte[] _room = new byte[ZpageLimits.MaxBytes];
    private readonly byte[] _opened = new byte[PageSize.Bytes];
    private readonly AreaName _plainName = new("bench", 0);
    private byte[] _plain = [];
    private byte[] _sealed = [];
    private byte[] _bare = [];
    private ZpageIdentity _plainIdentity;
    private ZpageIdentity _sealedIdentity;
    private uint _bareChecksum;
    private AreaName _sealedName = null!;
    private AreaSealer _sealer = null!;
    private string _folder = "";
    private ulong _generation = 1;

    /// <summary>Makes a ring and pages.</summary>
    [GlobalSetup]
    public void Begin()
    {
        _folder = Directory.CreateTempSubdirectory("remoteswap-bench-").FullName;
        string key = Path.Combine(_folder, "key");
        File.WriteAllBytes(key, RandomNumberGenerator.GetBytes(SecretBytes.Bytes));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        KeyRing ring = KeyRing.Open(new SealOptions { KeyFile = key }, "bench", 0, mayBegin: true);
        _sealer = new AreaSealer(ring, "bench", 0, default);
        _sealedName = new AreaName("bench", 0, seal: _sealer);

        // Half of it is noise.
        new Random(1).NextBytes(_page.AsSpan(0, HalfBytes));
        _plainIdentity = PageForm.Encode(_plainName, 1, 1, _page, _room);
        _plain = _room[.._plainIdentity.Size];
        _sealedIdentity = PageForm.Encode(_sealedName, 1, 1, _page, _room);
        _sealed = _room[.._sealedIdentity.Size];
        _bare = new byte[HalfBytes + ZpageLimits.SealBytes];
        _sealer.Seal(1, 2, ZpageEncoding.Lz4, _bare, HalfBytes, out _bareChecksum);
        Console.WriteLine($"// zpages of {_plain.Length} and {_sealed.Length} bytes");
    }

    /// <summary>Erases the ring.</summary>
    [GlobalCleanup]
    public void End()
    {
        _sealer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A page, encoded.</summary>
    [Benchmark]
    public int Encode() => PageForm.Encode(_plainName, 1, ++_generation, _page, _room).Size;

    /// <summary>A page, encoded and sealed.</summary>
    [Benchmark]
    public int EncodeAndSeal() => PageForm.Encode(_sealedName, 1, ++_generation + 2, _page, _room).Size;

    /// <summary>2 KiB, sealed.</summary>
    [Benchmark]
    public int SealHalf() => _sealer.Seal(1, ++_generation + 2, ZpageEncoding.Lz4, _room, HalfBytes, out _);

    /// <summary>A page, proven and decoded.</summary>
    [Benchmark]
    public bool Decode() => PageForm.TryDecode(null, 0, 1, 1, _plain, in _plainIdentity, _opened);

    /// <summary>A page, opened and decoded.</summary>
    [Benchmark]
    public bool OpenAndDecode() => PageForm.TryDecode(_sealer, 0, 1, 1, _sealed, in _sealedIdentity, _opened);

    /// <summary>2 KiB, opened.</summary>
    [Benchmark]
    public bool OpenHalf() => _sealer.TryOpen(1, 2, _bare, _bareChecksum, _opened.AsSpan(0, HalfBytes));

    /// <summary>What the server checks of a block that its sender does not vouch for.</summary>
    [Benchmark]
    public ZpageFault ServerChecksBlock() =>
        PageCodec.Check(ZpageEncoding.Lz4, _plain, _plainIdentity.ZpageChecksum);

    /// <summary>What it checks of a sealed page.</summary>
    [Benchmark]
    public ZpageFault ServerChecksSealed() =>
        PageCodec.Check(ZpageEncoding.Sealed, _sealed, _sealedIdentity.ZpageChecksum);
}
