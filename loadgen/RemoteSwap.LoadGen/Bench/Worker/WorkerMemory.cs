using System.Runtime.InteropServices;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Lanes;

namespace RemoteSwap.LoadGen.Bench.Worker;

/// <summary>
/// What a worker keeps between jobs, made when it is first needed. Used by one job at a time; pages and zpages also by
/// all callers of that job, under one lock until they are made.
/// </summary>
internal sealed class WorkerMemory
{
    private RawPagePool? _rawPages;
    private readonly Lock _making = new();
    private readonly Dictionary<int, ZpagePool> _zpages = [];
    private byte[]? _arena;
    private Memory<byte> _alignedPages;

    /// <summary>Pages of this computer's files.</summary>
    public RawPagePool RawPages
    {
        get
        {
            lock (_making)
            {
                return _rawPages ??= RawPagePool.Read();
            }
        }
    }

    /// <summary>The pages of this computer's files once more, from the start of a page of memory.</summary>
    public Memory<byte> AlignedPages
    {
        get
        {
            if (_alignedPages.IsEmpty)
            {
                _alignedPages = Aligned(RawPages.Count * PageSize.Bytes);
                RawPages.Run(0, RawPages.Count).CopyTo(_alignedPages);
            }

            return _alignedPages;
        }
    }

    /// <summary>The slots that the last thinning has left.</summary>
    public ulong[] Kept { get; set; } = [];

    /// <summary>Zpages of one size.</summary>
    public ZpagePool Zpages(int zpageBytes)
    {
        lock (_making)
        {
            if (!_zpages.TryGetValue(zpageBytes, out ZpagePool? pool))
            {
                pool = ZpagePool.Make(RawPages, zpageBytes);
                _zpages.Add(zpageBytes, pool);
            }

            return pool;
        }
    }

    /// <summary>The lane of one caller.</summary>
    public IPageLane Lane(WorkJob job, int batch, SeededRandom random) => job.Payload == PagePayload.Zpages
        ? new ZpageLane(Zpages(job.PageBytes), batch, job.WalksBlocks, random)
        : new RawPageLane(RawPages, batch, random);

    /// <summary>Memory that does not move and starts where a page of memory starts.</summary>
    public static Memory<byte> Aligned(int bytes)
    {
        byte[] room = GC.AllocateUninitializedArray<byte>(bytes + PageSize.Bytes, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(room, 0);
        int skip = (int)(-address & (PageSize.Bytes - 1));
        return room.AsMemory(skip, bytes);
    }

    /// <summary>Memory of at least so many bytes, all of it touched.</summary>
    public byte[] Arena(long bytes)
    {
        long length = Math.Min(bytes, Array.MaxLength);
        if (_arena is null || _arena.Length < length)
        {
            _arena = GC.AllocateUninitializedArray<byte>((int)length);
            _arena.AsSpan().Fill(1);
        }

        return _arena;
    }
}
