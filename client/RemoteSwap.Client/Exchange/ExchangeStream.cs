using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using RemoteSwap.Client.Http2;
using RemoteSwap.Client.Requests;
using RemoteSwap.Wire;

namespace RemoteSwap.Client.Exchange;

/// <summary>
/// One stream of the transport, from its opening to its end. One writer and one reader at a time; anyone may cut it.
/// </summary>
[SuppressMessage("Reliability", "CA2213", Justification = "The source has no timer; cutting may come late.")]
internal sealed class ExchangeStream : IDisposable
{
    private const string Service = "remoteswap.v1.PageStoreService";
    private const string Name = "Exchange";

    private static readonly WriteOptions s_more = new(WriteFlags.BufferHint);
    private static readonly WriteOptions s_last = new();
    private static readonly Marshaller<OutgoingRequest> s_requests =
        Marshallers.Create<OutgoingRequest>(Write, static _ => throw new NotSupportedException());

    // By the system's clock: how long a stream that takes nothing any more may take to say why.
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _cut = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AsyncDuplexStreamingCall<OutgoingRequest, IncomingReply> _call;
    private readonly DirectCall<OutgoingRequest, IncomingReply>? _direct;
    private FailureCause? _cutCause;

    /// <summary>Opens a stream. Nothing is waited for.</summary>
    /// <param name="invoker">The channel.</param>
    /// <param name="method">What <see cref="CreateMethod"/> made.</param>
    public ExchangeStream(CallInvoker invoker, Method<OutgoingRequest, IncomingReply> method)
    {
        _call = invoker.AsyncDuplexStreamingCall(method, host: null, new CallOptions(cancellationToken: _cut.Token));

        // Its own ways cost no task for each message.
        _direct = _call.ResponseStream as DirectCall<OutgoingRequest, IncomingReply>;
    }

    /// <summary>The message that was read last.</summary>
    public IncomingReply Current => _call.ResponseStream.Current;

    /// <summary>
    /// Describes the call to the transport, which keeps what it works out for each description: make one for a lane,
    /// not one for a stream.
    /// </summary>
    /// <param name="read">Reads a message.</param>
    public static Method<OutgoingRequest, IncomingReply> CreateMethod(
        Func<DeserializationContext, IncomingReply> read) => new(
            MethodType.DuplexStreaming,
            Service,
            Name,
            s_requests,
            Marshallers.Create(static (_, _) => throw new NotSupportedException(), read));

    /// <summary>Writes a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="more">Whether another one follows at once, so that this one may wait for it.</param>
    public ValueTask WriteAsync(OutgoingRequest request, bool more)
    {
        request.Prepare();
        request.Watch.Send(request.Pages);
        if (_direct is not null)
        {
            return _direct.WriteAsync(request, more);
        }

        _call.RequestStream.WriteOptions = more ? s_more : s_last;
        return new ValueTask(_call.RequestStream.WriteAsync(request));
    }

    /// <summary>Tells the server that no further request comes. No write may be under way.</summary>
    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <summary>Reads the next message.</summary>
    /// <returns>Whether there is one; false: the server has ended the stream without a failure.</returns>
    public ValueTask<bool> MoveNextAsync() =>
        _direct?.MoveNextAsync() ?? new ValueTask<bool>(_call.ResponseStream.MoveNext(CancellationToken.None));

    /// <summary>Ends the stream at once.</summary>
    /// <param name="cause">What the end is to count as.</param>
    public void Cut(FailureCause cause)
    {
        Interlocked.CompareExchange(ref _cutCause, cause, comparand: null);

        // Not on this thread: what waits for the stream would run here, inside the caller's locks.
        _ = _cut.CancelAsync();
    }

    /// <summary>
    /// A write failed. As a rule the server has ended the stream, and what reads it is about to learn why: cutting at
    /// once would put a cancellation in place of the server's own words. So it is cut only if it does not end of
    /// itself.
    /// </summary>
    /// <param name="cause">What the end is to count as if it has to be cut.</param>
    /// <returns>Ends when the stream is over or cut.</returns>
    public async Task CutUnlessItEndsAsync(FailureCause cause)
    {
        await Task.WhenAny(_over.Task, Task.Delay(s_lastWords)).ConfigureAwait(false);
        Cut(cause);
    }

    /// <summary>Why the stream ended.</summary>
    /// <param name="status">What the transport says.</param>
    public FailureCause CauseOf(RpcException status) =>
        status.StatusCode == StatusCode.Cancelled && Volatile.Read(ref _cutCause) is { } cause
            ? cause
            : FailureCause.OfStream(status);

    /// <inheritdoc/>
    public void Dispose()
    {
        _over.TrySetResult();
        _call.Dispose();
    }

    private static void Write(OutgoingRequest request, SerializationContext context)
    {
        Span<byte> trace = stackalloc byte[TraceContext.Bytes];
        int traceBytes = request.Watch.WriteContext(trace);
        ReadOnlySpan<byte> message = request.Message.InEnvelope(request.Id, request.Kind, trace[..traceBytes]);
        context.SetPayloadLength(message.Length);
        context.GetBufferWriter().Write(message);
        context.Complete();
        request.Message.HasBeenSerialized();
    }
}
