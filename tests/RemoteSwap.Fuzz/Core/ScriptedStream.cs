namespace RemoteSwap.Fuzz.Core;

/// <summary>
/// A connection whose other side has said everything already: bytes come in pieces of a given length, everything
/// completes at once on the caller's thread, and what is sent is kept. So a whole session is one call, the same each
/// time.
/// </summary>
internal sealed class ScriptedStream(byte[] script, int pieceBytes) : Stream
{
    private const int MaxSentBytes = 64 << 20;

    private readonly MemoryStream _sent = new();
    private int _read;

    /// <summary>What was sent to the other side.</summary>
    public ReadOnlySpan<byte> Sent => _sent.GetBuffer().AsSpan(0, (int)_sent.Length);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, script.Length - _read);
        count = pieceBytes > 0 ? Math.Min(count, pieceBytes) : count;
        script.AsSpan(_read, count).CopyTo(buffer);
        _read += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Read(buffer.Span));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        FindingException.Unless(_sent.Length + buffer.Length <= MaxSentBytes, "a session is answered without end");
        _sent.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
