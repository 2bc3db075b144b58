using System.Runtime.CompilerServices;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// What is to be sent on a connection: frames are added to one buffer while another one is being sent. It has no
/// thread: whoever flushes and finds it at rest sends, and goes on with what others add meanwhile. So a lone request is
/// written to the socket by the thread that made it.
/// <para>
/// Bounds: who writes messages flushes from <see cref="MostUnsent"/> bytes on, and waits if there are more while
/// another one sends. Answers (to pings and settings), which the server can ask for without end, may wait in
/// <see cref="MostAnswerBytes"/> bytes; then the connection is over.
/// </para>
/// <para>Lock: its own, a leaf; guards the buffers' change-over. Nothing is sent inside.</para>
/// </summary>
/// <param name="stream">The connection.</param>
internal sealed class FrameOutput(Stream stream)
{
    /// <summary>From so many unsent bytes on a writer has to flush before it adds another frame.</summary>
    public const int MostUnsent = 64 << 10;

    private const int MostAnswerBytes = 4 << 10;
    private const int FirstRoom = 16 << 10;

    private readonly Lock _lock = new();
    private byte[] _filling = new byte[FirstRoom];
    private byte[] _sending = new byte[FirstRoom];
    private int _filled;
    private int _answers;
    private int _leaving;
    private bool _isSending;
    private Exception? _failure;
    private TaskCompletionSource? _drained;

    /// <summary>Bytes that are added and not being sent.</summary>
    public int Unsent => Volatile.Read(ref _filled);

    /// <summary>Adds a frame of a message.</summary>
    public void Add(FrameFlags flags, ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            Append(new FrameHeader(data.Length, FrameType.Data, flags, Http2Wire.OnlyStream), data);
        }
    }

    /// <summary>Adds a frame that the connection needs.</summary>
    /// <exception cref="ProtocolBreach">The server asks for answers and takes none.</exception>
    public void AddAnswer(FrameType type, FrameFlags flags, int onStream, ReadOnlySpan<byte> payload)
    {
        lock (_lock)
        {
            _answers += FrameHeader.Bytes + payload.Length;
            if (_answers > MostAnswerBytes)
            {
                throw new ProtocolBreach(
                    Http2Error.EnhanceYourCalm, $"the server takes none of the {MostAnswerBytes} bytes it asked for");
            }

            Append(new FrameHeader(payload.Length, type, flags, onStream), payload);
        }
    }

    /// <summary>Adds bytes that are frames already.</summary>
    public void AddFrames(ReadOnlySpan<byte> frames)
    {
        lock (_lock)
        {
            frames.CopyTo(Room(frames.Length));
            _filled += frames.Length;
        }
    }

    /// <summary>Sends what was added.</summary>
    /// <returns>
    /// Ends when the connection has taken it; or at once if another one sends, who will send this too. Not even then
    /// while more than <see cref="MostUnsent"/> bytes wait for that.
    /// </returns>
    /// <exception cref="IOException">The connection is broken.</exception>
    public ValueTask FlushAsync()
    {
        lock (_lock)
        {
            if (_failure is not null)
            {
                return ValueTask.FromException(new IOException(_failure.Message, _failure));
            }

            if (_filled == 0)
            {
                return ValueTask.CompletedTask;
            }

            if (_isSending)
            {
                return _filled < MostUnsent
                    ? ValueTask.CompletedTask
                    : new ValueTask((_drained ??= NewDrain()).Task);
            }

            _isSending = true;
            Swap();
        }

        return SendAsync();
    }

    /// <summary>Sends what was added, and waits for nothing.</summary>
    public void Flush()
    {
        ValueTask sent = FlushAsync();
        if (sent.IsCompletedSuccessfully)
        {
            sent.GetAwaiter().GetResult();
        }
        else
        {
            _ = WatchAsync(sent);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync()
    {
        try
        {
            bool more = true;
            while (more)
            {
                await stream.WriteAsync(_sending.AsMemory(0, _leaving)).ConfigureAwait(false);
                more = SwapOrRest();
            }
        }
        catch (Exception failure) when (End(failure))
        {
            throw;
        }
    }

    // What can not be sent ends the connection, and its reader says so.
    private static async Task WatchAsync(ValueTask sent)
    {
        try
        {
            await sent.ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The same end is met by the reader.
        }
    }

    private bool SwapOrRest()
    {
        lock (_lock)
        {
            _isSending = _filled > 0;
            if (_isSending)
            {
                Swap();
            }

            _drained?.TrySetResult();
            _drained = null;
            return _isSending;
        }
    }

    private bool End(Exception failure)
    {
        lock (_lock)
        {
            _failure ??= failure;
            _isSending = false;
            _drained?.TrySetException(new IOException(failure.Message, failure));
            _drained = null;
            return true;
        }
    }

    private void Append(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Span<byte> room = Room(FrameHeader.Bytes + payload.Length);
        header.Write(room);
        payload.CopyTo(room[FrameHeader.Bytes..]);
        _filled += FrameHeader.Bytes + payload.Length;
    }

    private Span<byte> Room(int bytes)
    {
        if (_filling.Length - _filled < bytes)
        {
            Array.Resize(ref _filling, Math.Max(_filled + bytes, _filling.Length * 2));
        }

        return _filling.AsSpan(_filled);
    }

    private void Swap()
    {
        (_filling, _sending) = (_sending, _filling);
        _leaving = _filled;
        _filled = 0;
        _answers = 0;
    }

    private static TaskCompletionSource NewDrain() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
