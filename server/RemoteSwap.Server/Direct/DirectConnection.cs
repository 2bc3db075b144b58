using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using RemoteSwap.Server.Options;
using RemoteSwap.Server.Transport;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// A connection with one stream of HTTP/2 (RFC 9113), served on the thread on which its bytes arrive: (1) all frames
/// that are there whole are taken, DATA into the request; (2) the request goes on with all of it at once, and its
/// replies leave on the way; (3) the next bytes are waited for.
/// <para>
/// What it is not: a general HTTP/2 connection. Whatever its client has promised not to send (a second stream, a head
/// in pieces, trailers) ends it with the RFC's PROTOCOL_ERROR. The trade-off: a call that computes for long keeps its
/// own connection from being read, and no other.
/// </para>
/// <para>
/// Bounds: see <see cref="DirectLimits"/>; a client that is asked for more than it takes is not read any further.
/// </para>
/// <para>
/// Locks: none. The loop alone reads the transport and takes frames; others wake it (<see cref="Wake"/>), always on a
/// thread of the pool, because it goes on where it is woken.
/// </para>
/// </summary>
internal sealed class DirectConnection : IAsyncDisposable
{
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(100);

    private readonly ConnectionContext _connection;
    private readonly TimeProvider _time;
    private readonly PipeReader _input;
    private readonly IConnectionLifetimeNotificationFeature? _lifetime;
    private readonly FrameOutput _output;
    private readonly LineWatch _watch;
    private readonly DirectStream _stream;
    private readonly FrameIntake _intake;
    private ITimer? _lingering;
    private PollerTurn _turn;
    private volatile bool _isClosing;
    private bool _hasSaidLast;
    private bool _isFaulty;

    /// <summary>Takes a connection that has begun as a direct one does, and of which nothing is read.</summary>
    public DirectConnection(
        ConnectionContext connection, RequestRunner runner, TransportLimits limits, TimeProvider time, DirectLog log)
    {
        _connection = connection;
        _time = time;
        _input = connection.Transport.Input;
        _lifetime = connection.Features.Get<IConnectionLifetimeNotificationFeature>();
        _output = new FrameOutput(connection.Transport.Output, time, Wake);
        _watch = new LineWatch(limits, time);
        SendWindow window = new();
        DirectLine line = new()
        {
            Connection = connection,
            Runner = runner,
            Pool = connection.Features.Get<IMemoryPoolFeature>()?.MemoryPool ?? MemoryPool<byte>.Shared,
            Output = _output,
            Window = window,
            Settings = new ClientSettings(window),
            Received = new ReceiveWindow(DirectLimits.WindowBytes),
            Time = time,
            Log = log,
            Wake = Wake,
        };
        _stream = new DirectStream(line);
        _intake = new FrameIntake(line, _stream, _watch, limits.MaxHeaderBytes);
    }

    /// <summary>Serves it to its end.</summary>
    public async Task RunAsync()
    {
        CancellationToken closing = _lifetime?.ConnectionClosedRequested ?? default;
        await using CancellationTokenRegistration close = closing.UnsafeRegister(
            static state => ((DirectConnection)state!).Close(), this);
        _connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(
            static state => ((DirectConnection)state).Look(), this);
        try
        {
            ConnectionFrames.PostOpening(_output);
            await ReadAsync();
        }
        catch (Exception gone) when (LineEnd.Is(gone))
        {
            // The line is gone, and with it whoever could be told.
        }
        finally
        {
            _stream.Break();
            await _stream.DeliverAsync();
            await _stream.Run;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_output.StalledSince != 0)
        {
            _connection.Abort(new ConnectionAbortedException("the client does not take what is sent"));
        }

        _stream.Dispose();
        if (_lingering is not null)
        {
            await _lingering.DisposeAsync();
        }

        // A ping or a reset that is posted late finds no memory that is another connection's by then.
        _output.End();

        // The output stays open, as the web server leaves it: who closes late wants to say when.
        await _input.CompleteAsync();
    }

    // (1) to (3).
    private async Task ReadAsync()
    {
        bool more = true;
        while (more)
        {
            ReadResult read = await _input.ReadAsync();
            if (!read.IsCanceled)
            {
                _watch.Hear();
            }

            SequencePosition taken = _isFaulty ? read.Buffer.End : await TakeAsync(read.Buffer);
            await _stream.DeliverAsync();
            long bytes = read.Buffer.Length;
            _input.AdvanceTo(taken, read.Buffer.End);
            if (_turn.IsOver(bytes))
            {
                await Poller.LeaveAsync();
            }

            more = !read.IsCompleted && GoesOn();
        }
    }

    private async ValueTask<SequencePosition> TakeAsync(ReadOnlySequence<byte> arrived)
    {
        try
        {
            FrameCheck.Require(!_watch.IsHeadLate, Http2Error.Protocol, "no head in time");
            return await _intake.TakeAsync(arrived);
        }
        catch (WireFaultException fault)
        {
            _isFaulty = true;
            _stream.Break();
            SayLast(fault.Code);
            return arrived.End;
        }
    }

    private bool GoesOn()
    {
        bool isLeaving = _isClosing || _intake.IsClientLeaving;
        if (_isFaulty || (_stream.IsOpen ? _stream.IsOver : isLeaving))
        {
            SayLast(Http2Error.None);
            Linger();
        }
        else if (isLeaving)
        {
            SayLast(Http2Error.None);
        }

        return !_output.IsBroken && !_watch.IsLingerOver;
    }

    // By a timer of its own: when the server stops, the web server's heart does too.
    private void Linger()
    {
        _watch.Linger();
        _lingering ??= _time.CreateTimer(
            static connection => ((DirectConnection)connection!).Wake(), this, DirectLimits.Linger, s_again);
    }

    // Once; a fault once more, because it says more.
    private void SayLast(Http2Error code)
    {
        if (!_hasSaidLast || code != Http2Error.None)
        {
            _hasSaidLast = true;
            ConnectionFrames.PostGoAway(_output, _stream.IsOpen ? Http2Wire.OnlyStream : 0, code);
        }
    }

    // The server stops, or the connection's credential is over.
    private void Close()
    {
        _isClosing = true;
        Wake();
    }

    private void Wake() =>
        ThreadPool.UnsafeQueueUserWorkItem(static input => input.CancelPendingRead(), _input, preferLocal: false);

    // With the web server's heart, which is not to run anything of ours.
    private void Look()
    {
        switch (_watch.Look(_output.StalledSince, _stream.StarvedSince))
        {
            case LineState.Silent when _output.StalledSince == 0:
                ThreadPool.UnsafeQueueUserWorkItem(
                    static output => ConnectionFrames.PostPing(output, "life?   "u8, isAnswer: false),
                    _output,
                    preferLocal: false);
                break;
            case LineState.Due:
                Wake();
                break;
            case LineState.Dead:
                _connection.Abort(new ConnectionAbortedException("the client gives no sign of life, or takes nothing"));
                break;
            default:
                break;
        }
    }
}
