using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// Sends a response: its head, what the call puts into the pipe, as far as the client's windows let it, and its
/// trailers. It goes on where it is woken: in the call's flush, in the connection's loop when a window opens, or where
/// the transport has sent; so a reply leaves on the thread that made it.
/// <para>
/// What it is not: the end of the pipe's memory. A call that is behind its time may still be writing when its trailers
/// are sent, so only the end of the call gives that back.
/// </para>
/// <para>
/// Locks: none. The pump's task alone reads the pipe; the flags are written by others, who wake it afterwards.
/// </para>
/// </summary>
/// <param name="pipe">The pipe that the call writes to.</param>
/// <param name="output">The connection's output.</param>
/// <param name="window">What the client takes.</param>
/// <param name="settings">How large its frames may be.</param>
/// <param name="time">For <see cref="StarvedSince"/>.</param>
internal sealed class ResponsePump(
    PipeReader pipe, FrameOutput output, SendWindow window, ClientSettings settings, TimeProvider time)
{
    private readonly Signal _started = new();
    private byte[]? _head;
    private byte[]? _trailers;
    private volatile bool _isEnding;
    private volatile bool _isStopped;
    private volatile bool _isOver;
    private volatile bool _isStarted;
    private long _starvedSince;
    private long _takenSince;

    /// <summary>Whether there is a head.</summary>
    public bool IsStarted => _isStarted;

    /// <summary>Whether nothing more is sent.</summary>
    public bool IsOver => _isOver;

    /// <summary>Whether the client was sent all, and that it is all.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>When the client's window was found closed; 0: there is nothing to send or a window for it.</summary>
    public long StarvedSince => Volatile.Read(ref _starvedSince);

    /// <summary>Gives it the head, without which nothing is sent.</summary>
    /// <param name="head">The block.</param>
    /// <param name="isAll">Whether nothing comes behind it.</param>
    public void Start(byte[] head, bool isAll)
    {
        _head = head;
        _isEnding |= isAll;
        _isStarted = true;
        _started.Set();
    }

    /// <summary>Has it end when all that is flushed is sent.</summary>
    /// <param name="trailers">The block of the trailers; empty: none.</param>
    public void End(byte[] trailers)
    {
        _trailers = trailers.Length > 0 ? trailers : null;
        _isEnding = true;
        pipe.CancelPendingRead();
    }

    /// <summary>Has it send nothing more, and wakes nobody: what is said next is the last of the stream.</summary>
    public void Mute() => _isStopped = true;

    /// <summary>Has it end at once.</summary>
    public void Stop()
    {
        _isStopped = true;
        _started.Set();
        window.Wake();
        pipe.CancelPendingRead();
    }

    /// <summary>Sends until the response is over.</summary>
    public async Task RunAsync()
    {
        try
        {
            await _started.WaitAsync();
            bool isAll = _isEnding;
            if (!_isStopped && await SendHeadAsync(_head!, isAll) && !isAll)
            {
                await SendBodyAsync();
            }
        }
        finally
        {
            _isOver = true;
            pipe.Complete();
        }
    }

    private async ValueTask SendBodyAsync()
    {
        bool more = true;
        while (more && !_isStopped)
        {
            if (pipe.TryRead(out ReadResult read))
            {
                more = await SendAsync(read.Buffer);
            }
            else if (_isEnding)
            {
                await SendEndAsync();
                more = false;
            }
            else
            {
                read = await pipe.ReadAsync();
                more = await SendAsync(read.Buffer);
            }
        }
    }

    // Whether the response goes on.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> SendAsync(ReadOnlySequence<byte> body)
    {
        int bytes = window.Take(body.Length);
        if (bytes == 0)
        {
            pipe.AdvanceTo(body.Start);
            await (body.IsEmpty ? ValueTask.CompletedTask : StarveAsync());
            return true;
        }

        CountTaken(bytes, isAll: bytes == body.Length);
        await output.TakeAsync();
        bool isSending = !_isStopped && !output.IsBroken;
        if (isSending)
        {
            WriteData(body.Slice(0, bytes));
        }

        await output.SendAsync();
        pipe.AdvanceTo(body.GetPosition(bytes));
        return isSending;
    }

    private async ValueTask StarveAsync()
    {
        if (_starvedSince == 0)
        {
            _takenSince = 0;
            Volatile.Write(ref _starvedSince, Math.Max(1, time.GetTimestamp()));
        }

        await window.OpenedAsync();
    }

    // A window that opens by a byte now and then is as good as closed.
    private void CountTaken(int bytes, bool isAll)
    {
        _takenSince += bytes;
        if (_starvedSince != 0 && (isAll || _takenSince >= DirectLimits.LeastTakenBytes))
        {
            Volatile.Write(ref _starvedSince, 0);
        }
    }

    private void WriteData(ReadOnlySequence<byte> body)
    {
        while (!body.IsEmpty)
        {
            int bytes = (int)Math.Min(body.Length, settings.MaxFrameBytes);
            WriteHeader(new FrameHeader(bytes, FrameType.Data, FrameFlags.None, Http2Wire.OnlyStream));
            foreach (ReadOnlyMemory<byte> piece in body.Slice(0, bytes))
            {
                output.Writer.Write(piece.Span);
            }

            body = body.Slice(bytes);
        }
    }

    private async ValueTask<bool> SendHeadAsync(byte[] block, bool isLast)
    {
        await output.TakeAsync();
        bool isSending = !_isStopped && !output.IsBroken;
        if (isSending)
        {
            WriteBlock(block, isLast ? FrameFlags.EndStream : FrameFlags.None);
            IsComplete = isLast;
        }

        await output.SendAsync();
        return isSending;
    }

    private async ValueTask SendEndAsync()
    {
        if (_trailers is { } trailers)
        {
            await SendHeadAsync(trailers, isLast: true);
            return;
        }

        await output.TakeAsync();
        if (!_isStopped && !output.IsBroken)
        {
            WriteHeader(new FrameHeader(0, FrameType.Data, FrameFlags.EndStream, Http2Wire.OnlyStream));
            IsComplete = true;
        }

        await output.SendAsync();
    }

    private void WriteBlock(ReadOnlySpan<byte> block, FrameFlags flags)
    {
        FrameType type = FrameType.Headers;
        do
        {
            int bytes = Math.Min(block.Length, settings.MaxFrameBytes);
            FrameFlags last = bytes == block.Length ? FrameFlags.EndHeaders : FrameFlags.None;
            WriteHeader(new FrameHeader(bytes, type, flags | last, Http2Wire.OnlyStream));
            output.Writer.Write(block[..bytes]);
            block = block[bytes..];
            type = FrameType.Continuation;
            flags = FrameFlags.None;
        }
        while (!block.IsEmpty);
    }

    private void WriteHeader(in FrameHeader header)
    {
        header.Write(output.Writer.GetSpan(FrameHeader.Bytes));
        output.Writer.Advance(FrameHeader.Bytes);
    }
}
