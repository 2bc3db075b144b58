using System.Buffers;

namespace RemoteSwap.Store;

/// <summary>
/// Walks zpages that lie back to back in the segments of a message. A zpage within one segment is handed out where it
/// lies; only one that crosses from a segment into the next is copied together.
/// </summary>
public ref struct ZpageCursor
{
    private readonly ReadOnlySequence<byte> _zpages;
    private readonly Span<byte> _scratch;
    private SequencePosition _next;
    private ReadOnlySpan<byte> _left;

    /// <summary>Begins at the first zpage.</summary>
    /// <param name="zpages">All zpages.</param>
    /// <param name="scratch">
    /// Room for one zpage that crosses segments: 4,122 bytes; may be empty if there is one segment only.
    /// </param>
    public ZpageCursor(ReadOnlySequence<byte> zpages, Span<byte> scratch)
    {
        _zpages = zpages;
        _scratch = scratch;
        _next = zpages.Start;
        _left = zpages.TryGet(ref _next, out ReadOnlyMemory<byte> segment) ? segment.Span : default;
    }

    /// <summary>Bytes that can be had without copying: what is left of the segment.</summary>
    public readonly int LeftInSegment => _left.Length;

    /// <summary>
    /// The next zpage, or several at once that lie in one segment; valid until the one after it is asked for.
    /// </summary>
    /// <param name="bytes">Its length (or theirs), no more than are left.</param>
    /// <exception cref="ArgumentOutOfRangeException">So many bytes are not left.</exception>
    public ReadOnlySpan<byte> Next(int bytes)
    {
        if ((uint)bytes > (uint)_left.Length)
        {
            return Join(bytes);
        }

        ReadOnlySpan<byte> zpage = _left[..bytes];
        _left = _left[bytes..];
        return zpage;
    }

    private ReadOnlySpan<byte> Join(int bytes)
    {
        Span<byte> zpage = _scratch[..bytes];
        Span<byte> room = zpage;
        while (room.Length > 0)
        {
            int part = Math.Min(room.Length, _left.Length);
            _left[..part].CopyTo(room);
            room = room[part..];
            _left = _left[part..];
            if (_left.IsEmpty && room.Length > 0)
            {
                MoveOn(bytes);
            }
        }

        return zpage;
    }

    private void MoveOn(int bytes)
    {
        if (!_zpages.TryGet(ref _next, out ReadOnlyMemory<byte> segment))
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "so many bytes are not left");
        }

        _left = segment.Span;
    }
}
