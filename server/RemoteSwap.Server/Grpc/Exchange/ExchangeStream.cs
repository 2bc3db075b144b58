using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc.Calls;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Transport;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc.Exchange;

/// <summary>
/// One Exchange stream on the server: (1) a request is taken from what has arrived, where it lies in the transport's
/// memory; (2) it is carried out at once, Store copying from that memory into frames and Load from frames into the
/// response's memory; (3) its reply is added to what is to be sent; (4) when nothing more has arrived, or much is to be
/// sent, it is sent, and the stream goes on only when that has been taken.
/// <para>
/// So requests are carried out in the order in which they came, replies need no queue, and a client that does not take
/// them is not read any further: memory is bounded by one message, one reply, and the transport's windows. Work of
/// several streams runs at the same time. The one thing that overtakes is a Load of spilled pages: its place in the
/// order is where it looked the pages up; reading them goes on beside the stream, for at most
/// <see cref="MaxRequests"/> requests.
/// </para>
/// <para>
/// What it is not: gRPC's own reader and writer of messages. Those copy each message into an object, and hand out one
/// at a time; here the transport's pipes are read and written directly, and gRPC sees to the rest: deadline, status,
/// trailers.
/// </para>
/// <para>Locks: none. The stream's fields belong to the one task that runs it.</para>
/// </summary>
internal sealed class ExchangeStream(
    HttpContext context, CallSet calls, WatchedCall watched, GuardedStream guard,
    CancellationToken stopping, CancellationToken cancellation)
{
    /// <summary>Requests that may be unanswered at a time.</summary>
    public const int MaxRequests = 64;

    /// <summary>Bytes that may be unanswered at a time.</summary>
    public const long MaxBytes = 8 << 20;

    // Each sending costs the web server some garbage and a change of threads, so a few replies go together.
    private const int MaxUnsentBytes = 192 << 10;

    private readonly PipeReader _input = context.Request.BodyReader;
    private readonly PipeWriter _output = context.Response.BodyWriter;
    private readonly ExchangeReplies _replies = new(context.Response.BodyWriter);
    private readonly StreamSeat _seat = new();
    private readonly ByteGate _gate = context.Features.GetRequiredFeature<ConnectionShare>().Gate;
    private readonly SpilledReads _spilled = new(calls.Streams);

    // Taken at the gate for a message that has not arrived whole, and for replies that are not sent.
    private long _messageShare;
    private long _replyShare;

    // The load that is being carried out here, and not beside the stream.
    private LoadCall? _load;

    // The server drains, and a store was put off: what was not answered is for its next life.
    private bool _isDraining;

    /// <summary>Runs the stream to its end.</summary>
    /// <returns>Why it ended, if not because the client was done.</returns>
    public async Task<CallRefusal?> RunAsync()
    {
        await using CancellationTokenRegistration stop = stopping.Register(Interrupt);
        await using CancellationTokenRegistration ended = guard.Ended.Register(Interrupt);
        calls.Streams.AddStreams(1);
        try
        {
            _replies.WriteWelcome(MaxRequests, MaxBytes, calls.Incarnation);
            await FlushAsync();
            CallRefusal? refusal = null;
            bool more = true;
            while (more && refusal is null)
            {
                ReadResult read = await ReadAsync();
                (ReadOnlySequence<byte> left, refusal) = await CarryOutAsync(read.Buffer);
                refusal ??= read.IsCompleted && !left.IsEmpty ? CallRefusal.Cut(left.Length) : null;
                refusal ??= guard.Refusal ?? (stopping.IsCancellationRequested ? CallRefusal.Stopping : null);
                more = !read.IsCompleted;
                _input.AdvanceTo(left.Start, left.End);
                await FlushAsync();
            }

            while (_spilled.Count > 0)
            {
                Answer(await _spilled.TakeAsync(cancellation));
            }

            await FlushAsync();
            return refusal;
        }
        finally
        {
            calls.Streams.AddStreams(-1);
            await EndAsync();
        }
    }

    // The server stops, or the credential has ended: whoever waits goes on. What is thrown here would go to the teller.
    private void Interrupt()
    {
        try
        {
            _input.CancelPendingRead();
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client has ended the stream.
        }
    }

    // Waits for requests, and meanwhile answers loads whose spilled pages have been read.
    private ValueTask<ReadResult> ReadAsync() =>
        _spilled.Count == 0 ? _input.ReadAsync(cancellation) : ReadAndAnswerAsync();

    private async ValueTask<ReadResult> ReadAndAnswerAsync()
    {
        Task<ReadResult> read = _input.ReadAsync(cancellation).AsTask();
        while (!read.IsCompleted && _spilled.Count > 0)
        {
            await Task.WhenAny(read, _spilled.WaitAsync(cancellation));
            while (_spilled.TryTake(out LoadCall? finished))
            {
                Answer(finished);
            }

            await FlushAsync();
        }

        return await read;
    }

    // (1) to (3) for all that has arrived whole.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(ReadOnlySequence<byte> Left, CallRefusal? Refusal)> CarryOutAsync(
        ReadOnlySequence<byte> arrived)
    {
        for (int n = 1; MessageFrame.TryReadPrefix(in arrived, out uint bytes, out bool compressed); n++)
        {
            CallRefusal? refusal = guard.Refusal
                ?? (compressed ? CallRefusal.Compressed
                    : bytes > MessageLimit.MaxPageMessageBytes
                        ? CallRefusal.TooLarge(bytes, MessageLimit.MaxPageMessageBytes)
                        : null);
            if (refusal is not null)
            {
                return (arrived, refusal);
            }

            long end = MessageFrame.PrefixBytes + bytes;
            if (arrived.Length < end)
            {
                // The rest of a large message is let in only where there is room for it.
                await EnterForMessageAsync(end);
                break;
            }

            LeaveForMessage();
            ReadOnlySequence<byte> message = arrived.Slice(MessageFrame.PrefixBytes, bytes);
            if (!ExchangeOperation.TryRead(message, out ExchangeOperation operation))
            {
                return (arrived, CallRefusal.Malformed(nameof(ExchangeRequest)));
            }

            if (operation.IsLong || n % PollerTurn.MostRequests == 0)
            {
                await Poller.LeaveAsync();
            }

            await CarryOutAsync(operation);
            if (_isDraining)
            {
                return (arrived, CallRefusal.Stopping);
            }

            arrived = arrived.Slice(end);
            if (_output.UnflushedBytes > MaxUnsentBytes)
            {
                await FlushAsync();
            }
        }

        return (arrived, null);
    }

    private ValueTask CarryOutAsync(in ExchangeOperation operation)
    {
        switch (operation.Field)
        {
            case ExchangeRequest.StoreFieldNumber:
                return HoldBackAsync(Store(in operation));
            case ExchangeRequest.LoadFieldNumber:
                return LoadAsync(in operation);
            case ExchangeRequest.PingFieldNumber:
                return PingAsync(operation);
            case ExchangeRequest.InvalidateFieldNumber:
                return HoldBackAsync(Invalidate(in operation));
            default:
                _replies.WriteFailure(operation.RequestId, CallRefusal.NoOperation);
                return ValueTask.CompletedTask;
        }
    }

    // How long what follows is to be held back.
    private TimeSpan Store(in ExchangeOperation operation)
    {
        StoreCall call = calls.Stores.Rent();
        call.Run(operation.Message, guard.Caller, operation.Parent, waitsForRestart: true, _seat);
        if (call.IsPutOff)
        {
            _isDraining = true;
        }
        else if (call.Refusal is { } refusal)
        {
            _replies.WriteFailure(operation.RequestId, refusal);
        }
        else
        {
            _replies.Write(operation.RequestId, call);
        }

        TimeSpan pause = _isDraining ? TimeSpan.Zero : call.Pause;
        calls.Stores.Return(call);
        return pause;
    }

    // A tenant that is ahead of its rate waits where its requests are. An error would be one of a guest's disk.
    private ValueTask HoldBackAsync(TimeSpan pause) =>
        pause > TimeSpan.Zero ? PauseAsync(pause) : ValueTask.CompletedTask;

    private async ValueTask PauseAsync(TimeSpan pause)
    {
        await FlushAsync();
        await StreamSeat.PauseAsync(pause, stopping, guard.Ended, cancellation);
    }

    private ValueTask LoadAsync(in ExchangeOperation operation)
    {
        LoadCall call = calls.Loads.Rent();
        call.RequestId = operation.RequestId;
        call.Read(operation.Message, guard.Caller, operation.Parent);
        if (call.Refusal is null)
        {
            call.BeginShare(_seat);
        }

        if (call.Refusal is { } refusal)
        {
            _replies.WriteFailure(operation.RequestId, refusal);
            TimeSpan pause = call.Pause;
            calls.Loads.Return(call);
            return HoldBackAsync(pause);
        }

        _load = call;
        return call.MaxReplyBytes > MessageLimit.LargeReplyBytes ? LoadManyAsync(call) : LoadNowAsync(call);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask LoadManyAsync(LoadCall call)
    {
        await Poller.LeaveAsync();
        await EnterForReplyAsync(call.MaxReplyBytes);
        await LoadNowAsync(call);
    }

    private ValueTask LoadNowAsync(LoadCall call)
    {
        TimeSpan pause = call.Pause;
        if (_replies.TryLoad(call))
        {
            call.EndShare();
            calls.Loads.Return(call);
            _load = null;
            return HoldBackAsync(pause);
        }

        _load = null;
        _spilled.Begin(call);
        return _spilled.Count < MaxRequests ? HoldBackAsync(pause) : WaitForOneAsync(pause);
    }

    private async ValueTask WaitForOneAsync(TimeSpan pause)
    {
        await FlushAsync();
        Answer(await _spilled.TakeAsync(cancellation));
        await HoldBackAsync(pause);
    }

    private void Answer(LoadCall finished)
    {
        _replies.Write(finished);
        calls.Loads.Return(finished);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PingAsync(ExchangeOperation operation)
    {
        PingCall call = calls.Pings.Rent();
        call.Run(operation.Message);
        if (call.Refusal is { } refusal)
        {
            _replies.WriteFailure(operation.RequestId, refusal);
        }
        else
        {
            await EnterForReplyAsync(call.MaxReplyBytes);
            _replies.Write(operation.RequestId, call);
        }

        calls.Pings.Return(call);
    }

    private TimeSpan Invalidate(in ExchangeOperation operation)
    {
        TimeSpan pause = TimeSpan.Zero;
        InvalidateResponse response = new();
        CallRefusal? refusal = operation.Message.Length > MessageLimit.MaxOtherMessageBytes
            ? CallRefusal.TooLarge(operation.Message.Length, MessageLimit.MaxOtherMessageBytes)
            : calls.Invalidations.Run(
                operation.Message, guard.Caller, operation.Parent, response, _seat, out pause, cancellation);
        if (refusal is null)
        {
            _replies.Write(operation.RequestId, response);
        }
        else
        {
            _replies.WriteFailure(operation.RequestId, refusal);
        }

        return pause;
    }

    // (4)
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushAsync()
    {
        if (_output.UnflushedBytes > 0)
        {
            watched.Begin();
            await _output.FlushAsync(cancellation);
        }

        LeaveForReply();
        if (_messageShare == 0)
        {
            watched.End();
        }
    }

    private async ValueTask EnterForMessageAsync(long bytes)
    {
        if (_messageShare == 0 && bytes > MessageLimit.LargeBytes)
        {
            await FlushAsync();
            _messageShare = await _gate.EnterAsync(bytes, cancellation);
            watched.Begin();
        }
    }

    private void LeaveForMessage()
    {
        if (_messageShare > 0)
        {
            _gate.Leave(_messageShare);
            _messageShare = 0;
        }
    }

    // What was taken before is given back first: a stream that holds and waits could wait for itself.
    private async ValueTask EnterForReplyAsync(long bytes)
    {
        if (bytes > MessageLimit.LargeReplyBytes)
        {
            await FlushAsync();
            _replyShare = await _gate.EnterAsync(bytes, cancellation);
        }
    }

    // Nothing of the stream's may be in use when gRPC takes the call back.
    private async ValueTask EndAsync()
    {
        await _spilled.EndAsync();
        _load?.EndShare();
        _seat.Leave();
        LeaveForMessage();
        LeaveForReply();
    }

    private void LeaveForReply()
    {
        if (_replyShare > 0)
        {
            _gate.Leave(_replyShare);
            _replyShare = 0;
        }
    }
}
