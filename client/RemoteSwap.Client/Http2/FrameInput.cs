using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// What has arrived of a connection and was not taken: one buffer that holds the largest frame there may be, so that
/// every frame is read in one piece where it lies. One reader.
/// <para>
/// The trade-off: a frame that lies across the end of the buffer is moved to its beginning, at most one frame for each
/// time the buffer is full; for that no message but those of several frames is ever copied.
/// </para>
/// </summary>
/// <param name="stream">The connection.</param>
internal sealed class FrameInput(Stream stream)
{
    /// <summary>Bytes of the largest frame that the server may send.</summary>
    public const int MostFrameBytes = 128 << 10;

    // Twice the largest frame: while one is taken, the next arrives.
    private const int BufferBytes = 2 * (MostFrameBytes + FrameHeader.Bytes);

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private int _start;
    private int _end;

    /// <summary>Takes the next frame if it is there as a whole.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload, in place until <see cref="FillAsync"/>.</param>
    /// <exception cref="ProtocolBreach">It is larger than was announced.</exception>
    public bool TryTake(out FrameHeader header, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        int bytes = _end - _start;
        if (bytes < FrameHeader.Bytes)
        {
            header = default;
            return false;
        }

        header = FrameHeader.Read(_buffer.AsSpan(_start));
        if (header.Length > MostFrameBytes)
        {
            throw new ProtocolBreach(
                Http2Error.FrameSize,
                $"a frame of {header.Length} bytes, and {MostFrameBytes} are allowed; is it HTTP/2?");
        }

        if (bytes - FrameHeader.Bytes < header.Length)
        {
            return false;
        }

        payload = _buffer.AsMemory(_start + FrameHeader.Bytes, header.Length);
        _start += FrameHeader.Bytes + header.Length;
        return true;
    }

    /// <summary>Waits for more.</summary>
    /// <returns>Bytes that have arrived; 0: the server has closed the connection.</returns>
    public ValueTask<int> FillAsync(CancellationToken ct)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = 0;
        }
        else if (BufferBytes - _start < MostFrameBytes + FrameHeader.Bytes)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        return stream.ReadAsync(_buffer.AsMemory(_end), ct);
    }

    /// <summary>So many bytes have arrived.</summary>
    public void Add(int bytes) => _end += bytes;
}
