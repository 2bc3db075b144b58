using System.Runtime.CompilerServices;

namespace RemoteSwap.Nbd.Connections;

/// <summary>
/// What comes in on a connection: a stream read in large pieces, so that many small requests cost one receive, and
/// around that buffer where long contents are wanted, so that they are not copied.
/// <para>Bound: one buffer of <see cref="BufferBytes"/>. One reader; no locks.</para>
/// </summary>
internal sealed class WireInput(Stream stream)
{
    /// <summary>Bytes of the buffer, and the most that can be asked to be in it.</summary>
    public const int BufferBytes = 64 << 10;

    // What is missing of a content: below this it comes through the buffer, since the next header may come along.
    private const int DirectBytes = 16 << 10;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private Stream _stream = stream;
    private int _start;
    private int _end;

    /// <summary>Bytes that are there.</summary>
    public int Buffered => _end - _start;

    /// <summary>Bytes that are there, to look at until the next call.</summary>
    public ReadOnlySpan<byte> Peek(int count) => _buffer.AsSpan(_start, count);

    /// <summary>Goes over bytes that are there.</summary>
    public void Skip(int count) => _start += count;

    /// <summary>Reads from another stream from now on; nothing may be left of the old one.</summary>
    public void Restart(Stream stream)
    {
        _stream = stream;
        _start = _end = 0;
    }

    /// <summary>Waits until so many bytes are there.</summary>
    /// <returns>Whether they are; if not, the other side has ended before the first of them.</returns>
    /// <exception cref="EndOfStreamException">It has ended in the midst of them.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync(int count)
    {
        while (Buffered < count)
        {
            MakeRoom(count);
            int read = await _stream.ReadAsync(_buffer.AsMemory(_end)).ConfigureAwait(false);
            if (read == 0)
            {
                return Buffered > 0
                    ? throw new EndOfStreamException("the client ended in the midst of a message")
                    : false;
            }

            _end += read;
        }

        return true;
    }

    /// <summary>Reads exactly as many bytes as there is room for.</summary>
    /// <exception cref="EndOfStreamException">The other side has ended before.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadAsync(Memory<byte> destination)
    {
        if (destination.Length - Buffered <= DirectBytes && destination.Length <= BufferBytes)
        {
            if (!await FillAsync(destination.Length).ConfigureAwait(false))
            {
                throw new EndOfStreamException("the client ended before a content");
            }

            Peek(destination.Length).CopyTo(destination.Span);
            Skip(destination.Length);
            return;
        }

        int count = Math.Min(Buffered, destination.Length);
        Peek(count).CopyTo(destination.Span);
        Skip(count);
        await _stream.ReadExactlyAsync(destination[count..]).ConfigureAwait(false);
    }

    /// <summary>Goes over bytes, there or not.</summary>
    /// <exception cref="EndOfStreamException">The other side has ended before.</exception>
    public async ValueTask DrainAsync(long count)
    {
        while (count > 0)
        {
            if (Buffered == 0 && !await FillAsync(1).ConfigureAwait(false))
            {
                throw new EndOfStreamException("the client ended in the midst of a refused content");
            }

            int skipped = (int)Math.Min(count, Buffered);
            Skip(skipped);
            count -= skipped;
        }
    }

    private void MakeRoom(int count)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (BufferBytes - _start < count || _end == BufferBytes)
        {
            _buffer.AsSpan(_start, Buffered).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
    }
}
