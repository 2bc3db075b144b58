using System.Runtime.CompilerServices;
using Grpc.Core;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// One HTTP/2 connection with one stream on it, as its client (RFC 9113): the way of an Exchange stream between the
/// lane and the socket. Going in: (1) bytes are received where there is room for the largest frame; (2) each whole
/// frame is taken where it lies; (3) DATA is cut into messages, which are read in place; (4) what was consumed is given
/// back to the server's window, half a window at a time. Going out: (5) a message is cut into frames as the server's
/// windows allow; (6) they are sent by the thread that adds them, unless one is sending.
/// <para>
/// Why: a general client carries many calls on one connection, so it has a queue, a reader of its own and a change of
/// threads between socket and caller, each way, and a buffer for each call. With one stream on a connection there is
/// none of that: the thread that receives the bytes decodes the pages.
/// </para>
/// <para>
/// What it is not: a general client. It opens one stream, takes no pushed ones, keeps no table of heads (HPACK's
/// dynamic table is announced as 0), offers no compression, and follows no redirects.
/// </para>
/// <para>
/// Locks: none of its own. One reader and one writer at a time; <see cref="Abort"/> and the keep-alive may come from
/// any thread. Output and credit have locks.
/// </para>
/// </summary>
internal sealed class DirectStream : IDisposable
{
    private const int UpdateAt = StreamOpening.WindowBytes / 2;

    private readonly Stream _connection;
    private readonly FrameInput _input;
    private readonly FrameOutput _output;
    private readonly SendCredit _credit = new();
    private readonly HeadAssembly _head = new();
    private readonly ResponseHead _response = new();
    private readonly MessageAssembly _messages = new();
    private readonly ControlFrames _control;
    private readonly KeepAlive _alive;

    private bool _hasEnded;
    private int _window = StreamOpening.WindowBytes;
    private Status? _status;
    private volatile Exception? _cause;

    /// <summary>Begins with a connection, which becomes its own.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="time">The clock of the keep-alive.</param>
    public DirectStream(Stream connection, TimeProvider time)
    {
        _connection = connection;
        _input = new FrameInput(connection);
        _output = new FrameOutput(connection);
        _control = new ControlFrames(_output, _credit);
        _alive = new KeepAlive(time, AskForLife, GiveUp);
    }

    /// <summary>Asks for the call.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="path">Service and method.</param>
    /// <param name="credential">What <c>authorization</c> is to say; null: nothing.</param>
    public ValueTask OpenAsync(Uri server, string path, string? credential)
    {
        StreamOpening.Add(_output, server, path, credential);
        return _output.FlushAsync();
    }

    /// <summary>How the stream ended; null: it has not, or not all of its messages have been taken.</summary>
    public Status? Status => _status;

    /// <summary>Whether anything has come: a server that speaks has not turned this connection away.</summary>
    public bool HasHeard { get; private set; }

    /// <summary>Takes the next message, if it has arrived as a whole: (2) to (4).</summary>
    /// <param name="message">The message, until the next call of this or of <see cref="ReceiveAsync"/>.</param>
    /// <exception cref="ProtocolBreach">The server does not keep to the protocol.</exception>
    public bool TryTake(out ReadOnlyMemory<byte> message)
    {
        while (!_messages.TryTake(out message))
        {
            if (_hasEnded)
            {
                End();
                return false;
            }

            if (!_input.TryTake(out FrameHeader header, out ReadOnlyMemory<byte> payload))
            {
                return false;
            }

            Take(header, payload);
        }

        return true;
    }

    /// <summary>(1) Waits for more; sends meanwhile what the server is to be answered.</summary>
    /// <exception cref="IOException">The connection is broken.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReceiveAsync()
    {
        _output.Flush();
        _alive.Listen();
        int bytes = await _input.FillAsync(CancellationToken.None).ConfigureAwait(false);
        _alive.Hear();
        if (bytes == 0)
        {
            throw new IOException("the server has closed the connection");
        }

        HasHeard = true;
        _input.Add(bytes);
    }

    /// <summary>(5) and (6): sends a message with its prefix.</summary>
    /// <param name="message">The message, until the task ends.</param>
    /// <param name="more">Whether another one follows at once, so that this one may wait for it.</param>
    /// <exception cref="IOException">The connection is broken or over.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> message, bool more)
    {
        int taken = _credit.Take(message.Length);
        if (taken < message.Length || _output.Unsent >= FrameOutput.MostUnsent)
        {
            return SendInPartsAsync(message, taken, more);
        }

        _output.Add(FrameFlags.None, message.Span);
        return more ? ValueTask.CompletedTask : _output.FlushAsync();
    }

    /// <summary>Sends that no further message comes.</summary>
    public ValueTask CompleteAsync()
    {
        _output.Add(FrameFlags.EndStream, default);
        return _output.FlushAsync();
    }

    /// <summary>Ends the connection at once; whoever reads or writes meets an exception.</summary>
    /// <param name="cause">Why, instead of what the transport would say.</param>
    public void Abort(Exception? cause = null)
    {
        _cause ??= cause;
        _credit.End();
        _connection.Dispose();
    }

    /// <summary>Why reading or writing failed: what ended the connection from here, or else what was thrown.</summary>
    public Exception CauseOf(Exception thrown) => _cause ?? thrown;

    /// <summary>
    /// Tells the server that it broke the protocol, as far as it still listens, and ends the connection.
    /// </summary>
    public void Refuse(ProtocolBreach breach)
    {
        try
        {
            _control.GoAway(breach.Error);
        }
        catch (IOException)
        {
            // It is told no more.
        }

        Abort(breach);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _alive.Dispose();
        Abort();
        _messages.Dispose();
    }

    private async ValueTask SendInPartsAsync(ReadOnlyMemory<byte> rest, int taken, bool more)
    {
        while (!rest.IsEmpty)
        {
            if (taken == 0)
            {
                await _output.FlushAsync().ConfigureAwait(false);
                await _credit.WaitAsync().ConfigureAwait(false);
                ThrowIfOver();
            }
            else
            {
                if (_output.Unsent >= FrameOutput.MostUnsent)
                {
                    await _output.FlushAsync().ConfigureAwait(false);
                }

                _output.Add(FrameFlags.None, rest.Span[..taken]);
                rest = rest[taken..];
            }

            taken = rest.IsEmpty ? 0 : _credit.Take(rest.Length);
        }

        if (!more)
        {
            await _output.FlushAsync().ConfigureAwait(false);
        }
    }

    private void ThrowIfOver()
    {
        if (_credit.IsOver)
        {
            throw new IOException("the stream is over", _cause);
        }
    }

    private void Take(in FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        if (_head.IsInside && header.Type != FrameType.Continuation)
        {
            throw new ProtocolBreach(Http2Error.Protocol, $"a {header.Type} frame within a head");
        }

        _control.RequireSettingsFirst(header);
        switch (header.Type)
        {
            case FrameType.Data:
                TakeData(header, payload);
                break;
            case FrameType.Headers or FrameType.Continuation:
                TakeHead(header, payload.Span);
                break;
            default:
                if (_control.Take(header, payload.Span) is { } status)
                {
                    _hasEnded = true;
                    _status = status;
                }

                break;
        }
    }

    private void TakeData(in FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        ControlFrames.RequireStream(header);
        if (!_response.HasBegun)
        {
            throw new ProtocolBreach(Http2Error.Protocol, "data before the response has begun");
        }

        // (4) Filling counts too. It never runs out, for half of it is more than the largest frame. So whether the
        // server waits for what it is given can not be told here, nor does it matter: nothing is read ahead.
        _window -= header.Length;
        if (_window < UpdateAt)
        {
            _control.Widen(StreamOpening.WindowBytes - _window);
            _window = StreamOpening.WindowBytes;
        }

        // (3)
        (int skip, int length) = HeadAssembly.Content(header, payload.Span);
        _messages.Add(payload.Slice(skip, length));

        _hasEnded = header.Has(FrameFlags.EndStream);
    }

    private void TakeHead(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        ControlFrames.RequireStream(header);
        bool isTrailers = _response.HasBegun;
        if (_head.Take(header, payload))
        {
            _response.Read(_head.Block);
            if (isTrailers && !_head.EndsStream)
            {
                throw new ProtocolBreach(Http2Error.Protocol, "trailers that do not end the stream");
            }

            if (_head.EndsStream && !_response.HasBegun)
            {
                throw new ProtocolBreach(Http2Error.Protocol, "the stream ends with the announcement of a response");
            }

            // What is no response of gRPC brings nothing more that counts, though it may have a body without end.
            _hasEnded = _head.EndsStream || (_response.HasBegun && !_response.BringsMessages);
        }
    }

    private void End()
    {
        _credit.End();

        // What the server asked for in the same breath.
        _output.Flush();
        _status ??= _messages.IsInside
            ? StreamStatus.Broken("the server ended the stream within a message")
            : StreamStatus.Of(_response);
    }

    private void AskForLife()
    {
        try
        {
            _control.Ping();
        }
        catch (IOException silent)
        {
            Abort(silent);
        }
    }

    private void GiveUp(TimeSpan silent) =>
        Abort(new IOException($"the server has given no sign of life for {silent.TotalSeconds:0} s"));
}
