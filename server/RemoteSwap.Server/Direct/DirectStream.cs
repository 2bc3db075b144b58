using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using RemoteSwap.Server.Transport;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// The one stream of a direct connection: the request on its way to the application, the response on its way back, and
/// how either ends. The application runs where the request's bytes are delivered, the response is sent where it is
/// made.
/// <para>
/// So that nobody runs the call by mistake: whoever ends it from without (the watch over slow clients, a credential
/// that is over, a time that is up) only says so, and the rest is done on a thread of the pool.
/// </para>
/// <para>
/// Locks: <c>_gate</c>, for the token's source alone, a leaf. What takes frames belongs to the connection's loop.
/// </para>
/// </summary>
internal sealed class DirectStream : IDisposable
{
    private const string ExchangePath = "/remoteswap.v1.PageStoreService/Exchange";

    private readonly DirectLine _line;
    private readonly Pipe _request;
    private readonly Pipe _response;
    private readonly ResponsePump _pump;
    private readonly ReceiveWindow _window = new(DirectLimits.WindowBytes);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _aborted = new();
    private ResponseFeatures? _features;
    private Task _sent = Task.CompletedTask;
    private long? _missing;
    private bool _leavesPoller;
    private int _isAborted;
    private volatile bool _isOver;
    private volatile bool _isRequestWhole;
    private bool _isDelivered;
    private bool _isDisposed;

    /// <summary>Makes one that is not open.</summary>
    public DirectStream(DirectLine line)
    {
        _line = line;
        _request = new Pipe(Options(line, pause: 0, LargeBlockPool.BlockBytes));
        _response = new Pipe(Options(line, DirectLimits.MaxUnsentBytes, Http2Wire.DefaultFrameBytes));
        _pump = new ResponsePump(_response.Reader, line.Output, line.Window, line.Settings, line.Time);
    }

    /// <summary>Whether its head has come.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether nothing is left of it.</summary>
    public bool IsOver => _isOver;

    /// <summary>Whether the client has said all.</summary>
    public bool IsRequestWhole => _isRequestWhole;

    /// <summary>The call at work.</summary>
    public Task Run { get; private set; } = Task.CompletedTask;

    /// <summary>When the client's window was found closed; 0: it is not waited for.</summary>
    public long StarvedSince => _pump.StarvedSince;

    /// <summary>Runs a request.</summary>
    public void Open(RequestHead head, bool isWhole)
    {
        _missing = head.Fields.ContentLength;
        _leavesPoller = head.Path != ExchangePath;
        Begin(isWhole);
        _sent = _pump.RunAsync();
        _features = new ResponseFeatures(_response.Writer, _pump, WriteHead) { Sent = _sent };
        RequestBody body = new(_request.Reader, Use);
        RequestFeatures request = new(head, body, !isWhole, _line.Connection);
        CallLifetime lifetime = new(this, _aborted.Token);

        FeatureCollection features = new(_line.Connection.Features);
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpRequestBodyDetectionFeature>(request);
        features.Set<IRequestBodyPipeFeature>(request);
        features.Set<IHttpRequestIdentifierFeature>(request);
        features.Set<IHttpConnectionFeature>(request);
        features.Set<IHttpResponseFeature>(_features);
        features.Set<IHttpResponseBodyFeature>(_features);
        features.Set<IHttpResponseTrailersFeature>(_features);
        features.Set<IHttpRequestLifetimeFeature>(lifetime);
        features.Set<IHttpResetFeature>(lifetime);
        Run = RunAsync(features);
    }

    /// <summary>Refuses a head that is none.</summary>
    public void Refuse(bool isWhole)
    {
        Begin(isWhole);
        _isAborted = 1;
        _isOver = true;
        PostReset(Http2Error.Protocol);
    }

    /// <summary>Takes bytes of the request; <see cref="DeliverAsync"/> delivers them.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="padding">Bytes that came with them and mean nothing.</param>
    /// <param name="isLast">Whether it is all.</param>
    public void Take(in ReadOnlySequence<byte> body, int padding, bool isLast)
    {
        int bytes = (int)body.Length;
        FrameCheck.Require(
            _line.Received.TryTake(bytes + padding) && _window.TryTake(bytes + padding),
            Http2Error.FlowControl,
            "DATA beyond its window");
        _missing -= bytes;
        if (_isOver || _isAborted != 0)
        {
            // The client does not know yet.
            _line.Output.Grant(0, _line.Received.Give(bytes + padding));
        }
        else if (_missing < 0 || (isLast && _missing > 0))
        {
            Reset(Http2Error.Protocol);
        }
        else
        {
            foreach (ReadOnlyMemory<byte> piece in body)
            {
                _request.Writer.Write(piece.Span);
            }

            Use(padding);
        }

        _isRequestWhole |= isLast;
    }

    /// <summary>Delivers what was taken: the call goes on with it, here and now.</summary>
    public async ValueTask DeliverAsync()
    {
        if (_isDelivered || !IsOpen)
        {
            return;
        }

        if (_isOver || _isAborted != 0)
        {
            _isDelivered = true;
            await _request.Writer.CompleteAsync(new IOException("the stream was reset, or its connection is gone"));
            return;
        }

        if (_leavesPoller)
        {
            // Only a stream cuts its work into pieces; any other call is carried out as soon as it is whole.
            await Poller.LeaveAsync();
        }

        if (_request.Writer.UnflushedBytes > 0)
        {
            await _request.Writer.FlushAsync();
        }

        if (_isRequestWhole)
        {
            _isDelivered = true;
            await _request.Writer.CompleteAsync();
        }
    }

    /// <summary>Ends the call, and tells the client.</summary>
    public void Reset(Http2Error code) => Abort(code);

    /// <summary>Ends the call: the client has, or is gone.</summary>
    public void Break() => Abort(code: null);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _aborted.Dispose();
        }
    }

    private static PipeOptions Options(DirectLine line, long pause, int segmentBytes) => new(
        line.Pool,
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: pause,
        resumeWriterThreshold: pause / 2,
        minimumSegmentSize: segmentBytes,
        useSynchronizationContext: false);

    private void Begin(bool isWhole)
    {
        IsOpen = true;
        _isRequestWhole = isWhole;
    }

    private void Use(int bytes)
    {
        if (bytes > 0)
        {
            int stream = _window.Give(bytes);
            _line.Output.Grant(_isRequestWhole ? 0 : stream, _line.Received.Give(bytes));
        }
    }

    private void Abort(Http2Error? code)
    {
        if (!_isOver && Interlocked.Exchange(ref _isAborted, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static ended => ended.Stream.AbortNow(ended.Code), (Stream: this, Code: code), preferLocal: false);
        }
    }

    private void AbortNow(Http2Error? code)
    {
        bool isOver = _pump.IsComplete && _isRequestWhole;
        _pump.Mute();
        if (code is { } said && !isOver)
        {
            PostReset(said);
        }

        // Who is woken may go on to the end of the connection.
        _pump.Stop();
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _ = _aborted.CancelAsync();
            }
        }

        _line.Wake();
    }

    private byte[] WriteHead(int status, IHeaderDictionary fields)
    {
        if (fields.Date.Count == 0)
        {
            fields.Date = _line.Time.GetUtcNow().ToString("R");
        }

        return ResponseHead.Write(status, fields, _line.Settings.IsTableSmaller);
    }

    private async Task RunAsync(FeatureCollection features)
    {
        try
        {
            await _line.Runner.RunAsync(features, EndAsync);
        }
        finally
        {
            // A call that has not failed to get this far leaves the pump at its end.
            _pump.Stop();
            await _sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _request.Reader.Complete();
            if (Interlocked.Exchange(ref _isAborted, 1) == 0 && !_isRequestWhole)
            {
                PostReset(Http2Error.None);
            }

            _isOver = true;
            _line.Wake();
        }
    }

    private async Task EndAsync(Exception? failure)
    {
        ResponseFeatures response = _features!;
        if (_isAborted == 0)
        {
            if (failure is not null)
            {
                _line.Log.Failed(_line.Connection.ConnectionId, failure);
            }

            Task ended = failure is null ? response.EndAsync()
                : response.HasStarted ? Task.FromException(failure)
                : response.EndFailedAsync(StatusCodes.Status500InternalServerError);
            await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsFaulted)
            {
                Reset(Http2Error.Internal);
            }
        }
        else if (!response.HasStarted)
        {
            response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }

        await _sent;
        foreach (Exception late in await response.FinishAsync())
        {
            _line.Log.Failed(_line.Connection.ConnectionId, late);
        }
    }

    private void PostReset(Http2Error code)
    {
        Span<byte> frame = stackalloc byte[FrameHeader.Bytes + FrameCheck.NumberBytes];
        new FrameHeader(FrameCheck.NumberBytes, FrameType.ResetStream, FrameFlags.None, Http2Wire.OnlyStream)
            .Write(frame);
        BinaryPrimitives.WriteUInt32BigEndian(frame[FrameHeader.Bytes..], (uint)code);
        _line.Output.Post(frame);
    }
}
