using System.Numerics;

namespace RemoteSwap.Nbd.Transmission;

/// <summary>
/// Buffers for the bytes of reads and writes, kept for the next request. Lengths are powers of two, and before the
/// bytes there is <see cref="Headroom"/>, so that a reply's header stands directly before its bytes and both go out in
/// one send, uncopied.
/// <para>
/// The trade-off: a power of two wastes up to a half of a buffer, but only ten lengths exist, so nearly every request
/// finds one. Bounds: at most <see cref="MaxKeptBytes"/> are kept; buffers above <see cref="MaxKeptBufferBytes"/> never
/// are, so that a burst of large requests leaves nothing behind. Those that are kept do not move in memory, for the
/// sockets' sake.
/// </para>
/// <para>Lock: one for all stacks; a few steps inside.</para>
/// </summary>
internal sealed class BufferPool
{
    /// <summary>Bytes before the first byte of content; enough for the headers of a reply.</summary>
    public const int Headroom = 64;

    /// <summary>The largest content of a buffer that is kept.</summary>
    public const int MaxKeptBufferBytes = 2 << 20;

    /// <summary>Bytes that are kept at most, all buffers together.</summary>
    public const long MaxKeptBytes = 32 << 20;

    private const int LeastBytes = 4096;
    private static readonly int s_leastLog = BitOperations.Log2(LeastBytes);

    private readonly Lock _lock = new();
    private readonly Stack<byte[]>[] _kept;
    private long _keptBytes;

    /// <summary>Makes an empty pool.</summary>
    public BufferPool()
    {
        _kept = new Stack<byte[]>[BitOperations.Log2(MaxKeptBufferBytes) - s_leastLog + 1];
        for (int i = 0; i < _kept.Length; i++)
        {
            _kept[i] = new Stack<byte[]>();
        }
    }

    /// <summary>Bytes that are kept now.</summary>
    public long KeptBytes => Volatile.Read(ref _keptBytes);

    /// <summary>Hands out a buffer with room for the headers and so many bytes; what is in it is undefined.</summary>
    public byte[] Rent(int length)
    {
        if (length > MaxKeptBufferBytes)
        {
            return GC.AllocateUninitializedArray<byte>(Headroom + length);
        }

        int bytes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, LeastBytes));
        lock (_lock)
        {
            if (_kept[BitOperations.Log2((uint)bytes) - s_leastLog].TryPop(out byte[]? buffer))
            {
                _keptBytes -= bytes;
                return buffer;
            }
        }

        return GC.AllocateUninitializedArray<byte>(Headroom + bytes, pinned: true);
    }

    /// <summary>Takes a buffer back; nobody may use it any more.</summary>
    public void Return(byte[] buffer)
    {
        int bytes = buffer.Length - Headroom;
        if (bytes > MaxKeptBufferBytes)
        {
            return;
        }

        lock (_lock)
        {
            if (_keptBytes + bytes <= MaxKeptBytes)
            {
                _keptBytes += bytes;
                _kept[BitOperations.Log2((uint)bytes) - s_leastLog].Push(buffer);
            }
        }
    }
}
