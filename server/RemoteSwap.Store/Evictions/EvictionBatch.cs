using System.Buffers;

namespace RemoteSwap.Store;

/// <summary>
/// Pages of one area on their way to its owner: what each is, and copies of their zpages back to back. Filled by
/// reclaim, then read by whoever sends it, who disposes it.
/// </summary>
public sealed class EvictionBatch : IDisposable
{
    private readonly List<EvictedPage> _pages = [];
    private byte[] _zpages = [];

    /// <summary>The pages.</summary>
    public IReadOnlyList<EvictedPage> Pages => _pages;

    /// <summary>Their zpages, in the same order.</summary>
    public ReadOnlyMemory<byte> Zpages => _zpages.AsMemory(0, Bytes);

    private int Bytes { get; set; }

    /// <summary>Gives the memory of the zpages back.</summary>
    public void Dispose()
    {
        byte[] zpages = _zpages;
        _zpages = [];
        Bytes = 0;
        if (zpages.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(zpages);
        }
    }

    /// <summary>Adds a page.</summary>
    /// <param name="record">What it is.</param>
    /// <param name="zpage">Its chunks; copied.</param>
    /// <param name="tail">Of a zpage that is longer than a frame its end; copied.</param>
    internal void Add(in OwnerRecord record, ReadOnlySpan<byte> zpage, ReadOnlySpan<byte> tail)
    {
        EnsureRoom(record.Length);
        ZpageTail.Read(zpage, tail, record.Length, _zpages.AsSpan(Bytes));
        Bytes += record.Length;
        _pages.Add(new EvictedPage(
            record.Slot,
            record.Generation,
            record.Encoding,
            record.Length,
            record.ZpageChecksum,
            record.PageChecksum));
    }

    // Most batches are of a few pages, and many may wait to be sent.
    private void EnsureRoom(int bytes)
    {
        if (_zpages.Length - Bytes >= bytes)
        {
            return;
        }

        byte[] full = _zpages;
        _zpages = ArrayPool<byte>.Shared.Rent(Math.Max(2 * full.Length, Bytes + bytes));
        full.AsSpan(0, Bytes).CopyTo(_zpages);
        if (full.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(full);
        }
    }
}
