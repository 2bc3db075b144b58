using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using RemoteSwap.Client.Requests;
using RemoteSwap.Client.Sessions;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Exchange;

/// <summary>
/// One lane to the server: a stream at a time, opened when there is something to send, and opened anew when it breaks.
/// <para>
/// Sending: whoever queues a request sends it, on its own thread, unless someone is sending already; then that one goes
/// on with it. Nothing is sent before the server's welcome, and never more than its window; what is beyond waits in
/// order. So requests reach the server in the order in which they were queued.
/// </para>
/// <para>
/// A stream that breaks because the server is unavailable: what was not answered is sent again on the next one, in the
/// same order, with the same numbers and the very same bytes, up to as many attempts as the options allow. A stream
/// that ends for another reason, or with bytes that are no message, fails everything in the lane. A call that times out
/// leaves its place in the window taken until the server answers; when a whole stream is silent while calls time out,
/// it is cut and opened anew.
/// </para>
/// <para>
/// Lock: guards the tables and the state of the lane, for a few steps at a time; nothing is awaited, decoded or copied
/// inside. A gatherer's lock may be held outside it.
/// </para>
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer; closing may come late.")]
internal sealed class ExchangeLane
{
    // Of the time that a call may take, the part after which a stream counts as silent.
    private const int SilentFraction = 2;

    private static readonly FailureCause s_closed =
        FailureCause.Of(StatusCode.Cancelled, "the connection was closed");
    private static readonly FailureCause s_timedOut =
        FailureCause.Of(StatusCode.DeadlineExceeded, "no reply over the stream");
    private static readonly FailureCause s_silent =
        FailureCause.Of(StatusCode.Unavailable, "the stream was silent while calls timed out");
    private static readonly FailureCause s_ended =
        FailureCause.Of(StatusCode.Unavailable, "the server ended the stream");

    private readonly Lock _lock = new();
    private readonly LaneQueue _queue = new();
    private readonly CallInvoker _invoker;
    private readonly RemoteSwapClientOptions _options;
    private readonly TimeProvider _time;
    private readonly SessionSet _sessions;
    private readonly ClientMeter _meter;
    private readonly DeadlineSweep _sweep;
    private readonly ReplyReader _replies;
    private readonly Method<OutgoingRequest, IncomingReply> _method;
    private readonly CancellationTokenSource _closing = new();

    private readonly LaneSender _sender;

    private ExchangeStream? _stream;
    private Task _run = Task.CompletedTask;
    private bool _isRunning;
    private bool _wasWelcome;
    private bool _isClosed;
    private long _heardAt;
    private long _bytes;

    /// <summary>Makes a lane; nothing is opened yet.</summary>
    /// <param name="invoker">The channel.</param>
    /// <param name="options">The connection's options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="sessions">What has to be resumed before a server that was started anew is sent anything.</param>
    /// <param name="sweep">What ends calls whose time is up; it calls <see cref="Sweep"/>.</param>
    /// <param name="meter">Measures it.</param>
    public ExchangeLane(
        CallInvoker invoker,
        RemoteSwapClientOptions options,
        TimeProvider time,
        SessionSet sessions,
        DeadlineSweep sweep,
        ClientMeter meter)
    {
        _meter = meter;
        _sessions = sessions;
        _invoker = invoker;
        _options = options;
        _time = time;
        _sweep = sweep;
        _sender = new LaneSender(_lock, _queue);
        _replies = new ReplyReader(TakeAnswered, options);
        _method = ExchangeStream.CreateMethod(_replies.Read);
    }

    /// <summary>Bytes of all requests in the lane.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Ends when the lane has no stream any more.</summary>
    public Task Ended
    {
        get
        {
            lock (_lock)
            {
                return _run;
            }
        }
    }

    /// <summary>Adds a request behind all others; <see cref="Pump"/> sends it.</summary>
    /// <returns>Whether the lane is open; if not, the request has to be refused.</returns>
    public bool TryQueue(OutgoingRequest request)
    {
        request.Watch.Queue();
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            _queue.Add(request);
            _bytes = _queue.Bytes;
            EnsureRunning();
        }

        _sweep.Arm();
        return true;
    }

    /// <summary>Fails a request that could not be queued.</summary>
    public void Refuse(OutgoingRequest request) => request.Fail(s_closed, _options);

    /// <summary>Sends what the window has room for, unless someone is doing so.</summary>
    public void Pump() => _sender.Pump();

    /// <summary>Ends the calls whose time is up.</summary>
    /// <returns>Whether others are under way.</returns>
    public bool Sweep(long now)
    {
        SweepResult result;
        ExchangeStream? silent = null;
        bool isBusy;
        lock (_lock)
        {
            result = _queue.Sweep(now, s_timedOut, _options);
            _bytes = _queue.Bytes;
            if (result.HasExpired && now - _heardAt >= _sweep.CallTicks / SilentFraction)
            {
                silent = _stream;
            }

            isBusy = !_queue.IsEmpty;
        }

        silent?.Cut(s_silent);
        result.Tell();

        // What was taken out may have stood before others for which the window has room.
        Pump();
        return isBusy;
    }

    /// <summary>
    /// Takes no further request, fails those that were not sent, and tells the server that none comes any more.
    /// </summary>
    public void Close()
    {
        List<OutgoingRequest> unsent;
        ExchangeStream? opening;
        lock (_lock)
        {
            _isClosed = true;
            unsent = _queue.TakeUnsent();
            _bytes = _queue.Bytes;
            opening = _sender.IsOpen ? null : _stream;
        }

        _ = _closing.CancelAsync();
        opening?.Cut(s_closed);
        _sender.Finish();
        End(unsent, s_closed);
    }

    /// <summary>Ends the stream of a lane that was closed, answered or not.</summary>
    public void Abort()
    {
        ExchangeStream? stream;
        lock (_lock)
        {
            stream = _stream;
        }

        stream?.Cut(s_closed);
    }

    private OutgoingRequest? TakeAnswered(ulong id)
    {
        lock (_lock)
        {
            OutgoingRequest? request = _queue.TakeAnswered(id);
            _bytes = _queue.Bytes;
            return request;
        }
    }

    // Inside the lock.
    private void EnsureRunning()
    {
        if (_isRunning)
        {
            return;
        }

        // The stream outlives the call that happens to open it, and must not carry on what flows with that call.
        _isRunning = true;
        if (ExecutionContext.IsFlowSuppressed())
        {
            _run = Task.Run(RunAsync);
            return;
        }

        using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
        _run = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        int failures = 0;
        while (TryOpen(out ExchangeStream? stream))
        {
            FailureCause cause;
            bool hasAnswered;
            using (stream)
            {
                (cause, hasAnswered) = await ReceiveAsync(stream).ConfigureAwait(false);
            }

            await _sender.CloseAsync().ConfigureAwait(false);
            failures = hasAnswered ? 1 : failures + 1;
            if (EndStream(cause))
            {
                await DelayAsync(RetryBackoff.After(failures, _options)).ConfigureAwait(false);
            }
        }
    }

    private bool TryOpen([NotNullWhen(true)] out ExchangeStream? stream)
    {
        lock (_lock)
        {
            stream = null;
            if (_isClosed || !_queue.HasWaiting)
            {
                _isRunning = false;
                return false;
            }

            _replies.Restart();
            _heardAt = _time.GetTimestamp();
            _stream = stream = new ExchangeStream(_invoker, _method);
            return true;
        }
    }

    private async Task<(FailureCause Cause, bool HasAnswered)> ReceiveAsync(ExchangeStream stream)
    {
        bool hasAnswered = false;
        try
        {
            while (await stream.MoveNextAsync().ConfigureAwait(false))
            {
                Volatile.Write(ref _heardAt, _time.GetTimestamp());
                IncomingReply reply = stream.Current;
                if (reply.Violation is { } violation)
                {
                    return (FailureCause.OfViolation(violation), hasAnswered);
                }

                hasAnswered |= reply.Answered is not null;
                if (reply.Welcome is { } window)
                {
                    if (await _sessions.RenewAsync(window.Incarnation).ConfigureAwait(false) is { } notResumed)
                    {
                        return (notResumed, hasAnswered);
                    }

                    CountWelcome();
                    _sender.Open(stream, window.MaxRequests, window.MaxBytes);
                }
                else if (reply.Answered is { } request)
                {
                    See(request, reply.IsPremature);
                }

                Pump();
            }

            return (s_ended, hasAnswered);
        }
        catch (RpcException status)
        {
            return (stream.CauseOf(status), hasAnswered);
        }
        catch (Exception failure) when (
            failure is OperationCanceledException or ObjectDisposedException or IOException)
        {
            return (s_ended, hasAnswered);
        }
    }

    private void CountWelcome()
    {
        if (_wasWelcome)
        {
            _meter.Reconnects.Add(1);
        }

        _wasWelcome = true;
    }

    private static void See(OutgoingRequest request, bool isPremature)
    {
        if (isPremature)
        {
            LetGo(request);
        }
        else
        {
            request.Settle();
        }
    }

    private bool EndStream(FailureCause cause)
    {
        List<OutgoingRequest> ended;
        bool isWaiting;
        lock (_lock)
        {
            _stream = null;
            cause = _isClosed ? s_closed : cause;
            ended = _queue.EndStream(
                !cause.IsUnavailable ? 0 : _options.WaitsForServer ? int.MaxValue : _options.MaxAttempts);
            _bytes = _queue.Bytes;
            isWaiting = _queue.HasWaiting;
        }

        End(ended, cause);
        return isWaiting;
    }

    private async Task DelayAsync(TimeSpan wait) =>
        await Task.Delay(wait, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void End(List<OutgoingRequest> requests, FailureCause cause)
    {
        foreach (OutgoingRequest request in requests)
        {
            request.Fail(cause, _options);
            LetGo(request);
        }
    }

    private static void LetGo(OutgoingRequest request)
    {
        if (!request.IsGivenUp)
        {
            request.IsGivenUp = true;
            request.Clock?.BatchIsOver();
        }
    }
}
