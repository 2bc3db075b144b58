using System.Buffers;
using System.Diagnostics;
using Grpc.Core;
using RemoteSwap.Client.Exchange;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Requests;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client;

/// <summary>
/// Carries each request as a call of its own: gives it its deadline and turns what the transport throws into this
/// library's exceptions. The transport repeats it while the server is unavailable. The messages are those of the
/// streams without their envelope; a reply is copied once more than there, because gRPC does not say which call the
/// message that it reads is for.
/// </summary>
internal sealed class UnaryTransport : IPageTransport
{
    private const string Service = "remoteswap.v1.PageStoreService";
    private const int MostKept = 64;

    private static readonly Marshaller<OutgoingRequest> s_requests =
        Marshallers.Create<OutgoingRequest>(Write, static _ => throw new NotSupportedException());
    private static readonly Marshaller<ReplyBytes> s_replies =
        Marshallers.Create(static (_, _) => throw new NotSupportedException(), Read);

    private readonly CallInvoker _invoker;
    private readonly RemoteSwapClientOptions _options;
    private readonly Method<OutgoingRequest, ReplyBytes> _store = CreateMethod("Store");
    private readonly Method<OutgoingRequest, ReplyBytes> _load = CreateMethod("Load");
    private readonly Method<OutgoingRequest, ReplyBytes> _invalidate = CreateMethod("Invalidate");
    private readonly Method<OutgoingRequest, ReplyBytes> _ping = CreateMethod("Ping");
    private readonly Stash<ReplyColumns> _columns = new(static _ => new ReplyColumns(), MostKept);

    /// <summary>Calls over a channel.</summary>
    public UnaryTransport(CallInvoker invoker, RemoteSwapClientOptions options)
    {
        _invoker = invoker;
        _options = options;
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(BatchRequest request, in CallSubject subject, CancellationToken ct) =>
        new(RunAsync(request, subject, ct));

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(BatchRequest request, in CallSubject subject, CancellationToken ct) =>
        new(RunAsync(request, subject, ct));

    private static Method<OutgoingRequest, ReplyBytes> CreateMethod(string name) =>
        new(MethodType.Unary, Service, name, s_requests, s_replies);

    private static void Write(OutgoingRequest request, SerializationContext context)
    {
        ReadOnlySpan<byte> message = request.Message.WithoutEnvelope;
        context.SetPayloadLength(message.Length);
        context.GetBufferWriter().Write(message);
        context.Complete();
        request.Message.HasBeenSerialized();
    }

    private static ReplyBytes Read(DeserializationContext context) => new(context.PayloadAsReadOnlySequence());

    private async Task<long> RunAsync(BatchRequest request, CallSubject subject, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();

        // The transport measures the deadline by the system's clock, so it is taken from there and not injected.
        CallOptions options = new(deadline: DateTime.UtcNow + _options.CallDeadline, cancellationToken: ct);
        ReplyBytes reply;
        bool isAnswered = false;
        request.Watch.Queue();
        request.Watch.Send(request.Pages);
        if (request.Watch.Activity is { } span)
        {
            // The transport puts the current span's context into the call's headers. This method's alone: it ends here.
            Activity.Current = span;
        }

        try
        {
            using AsyncUnaryCall<ReplyBytes> call =
                _invoker.AsyncUnaryCall(MethodOf(request.Kind), host: null, options, request);
            reply = await call.ResponseAsync.ConfigureAwait(false);
            isAnswered = true;
        }
        catch (RpcException failure)
        {
            request.Watch.End(FailureCause.OutcomeOf(failure.StatusCode), request.Pages);
            throw CallFailure.Of(failure, subject, _options, ct);
        }
        finally
        {
            if (!isAnswered)
            {
                request.Watch.End(OperationTags.Failed, request.Pages);
            }
        }

        request.Watch.Reply();
        request.Message.Release();
        ReplyColumns columns = _columns.Rent();
        string? violation;
        long result;
        try
        {
            violation = request.Unpack(reply.Bytes, columns, out result);
        }
        catch
        {
            request.Watch.End(OperationTags.Failed, request.Pages);
            throw;
        }

        request.EndWatch(violation);
        columns.Forget();
        _columns.Return(columns);
        reply.Release();
        request.Recycle();
        return violation is null ? result : throw CallFailure.Protocol(subject, violation);
    }

    private Method<OutgoingRequest, ReplyBytes> MethodOf(OperationKind kind) => kind switch
    {
        OperationKind.Store => _store,
        OperationKind.Load => _load,
        OperationKind.Invalidate => _invalidate,
        _ => _ping,
    };
}
