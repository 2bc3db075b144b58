namespace RemoteSwap.Client.Tests.Http2;

/// <summary>
/// A connection that is never waited for: it brings a beginning, then the same bytes over and over, and takes whatever
/// is written. It allocates nothing itself.
/// </summary>
internal sealed class LoopConnection(byte[] beginning, byte[] again) : Stream
{
    private byte[] _piece = beginning;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes that were written.</summary>
    public long Written { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        byte[] piece = _piece;
        piece.CopyTo(buffer.Span);
        _piece = again;
        return new ValueTask<int>(piece.Length);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Written += buffer.Length;
        return ValueTask.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
