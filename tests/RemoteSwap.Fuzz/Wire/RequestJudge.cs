using System.Buffers;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc.Calls;
using RemoteSwap.Server.Grpc.Exchange;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Fuzz.Wire;

/// <summary>Requests that the server reads by hand, against the generated code's reading.</summary>
internal static class RequestJudge
{
    private const int MaxSlots = 512;

    public static void Load(byte[] message, int piece)
    {
        using FuzzServer server = new();
        LoadCall call = server.Calls.Loads.Rent();
        call.Read(SegmentedBytes.Cut(message, piece), Caller.Anybody, SpanParent.OfCall);
        if (call.Refusal is not null)
        {
            return;
        }

        FindingException.Unless(call.Batch.Count is > 0 and <= MaxSlots, $"a Load of {call.Batch.Count} slots");
        if (Generated.Read(LoadRequest.Parser, message) is { } request)
        {
            FindingException.Unless(
                request.Slots.SequenceEqual(call.Batch.Slots.Take(call.Batch.Count))
                && request.Exclusive == call.Batch.Exclusive
                && request.Area == call.Batch.Area.Value
                && request.AttachEpoch == call.Batch.Epoch.Value
                && request.Tenant == call.Tenant.Name,
                "a Load was read as another");
        }

        call.LoadAsync().AsTask().GetAwaiter().GetResult();
    }

    public static void Invalidate(byte[] message, int piece)
    {
        using FuzzServer server = new();
        InvalidateResponse response = new();
        bool isRefused = server.Calls.Invalidations.Run(
            SegmentedBytes.Cut(message, piece),
            Caller.Anybody,
            SpanParent.OfCall,
            response,
            new StreamSeat(),
            out _,
            CancellationToken.None) is not null;
        InvalidateRequest? request = Generated.Read(InvalidateRequest.Parser, message);
        FindingException.Unless(isRefused || request is not null, "an Invalidate that is none is carried out");
        FindingException.Unless(
            isRefused || response.Outcomes.Count == request!.Slots.Count,
            "an Invalidate has other outcomes than slots");
    }

    public static void Ping(byte[] message, int piece)
    {
        using FuzzServer server = new();
        PingCall call = server.Calls.Pings.Rent();
        call.Run(SegmentedBytes.Cut(message, piece));
        if (call.Refusal is not null)
        {
            return;
        }

        MessageWriter reply = new(new byte[call.MaxReplyBytes]);
        call.WriteReply(ref reply);
        PingResponse response = PingResponse.Parser.ParseFrom(reply.Written.ToArray());
        FindingException.Unless(
            response.Zpages.Length == response.Sizes.Sum(size => size), "a ping's sizes are not those of its bytes");
    }

    public static void Exchange(byte[] message, int piece)
    {
        if (!ExchangeOperation.TryRead(SegmentedBytes.Cut(message, piece), out ExchangeOperation operation))
        {
            return;
        }

        _ = TraceContext.TryRead(operation.TraceContext, out _, out _);
        if (Generated.Read(ExchangeRequest.Parser, message) is not { } request)
        {
            return;
        }

        FindingException.Unless(
            request.RequestId == operation.RequestId && (int)request.OperationCase == operation.Field
            && request.TraceContext.Span.SequenceEqual(operation.TraceContext.ToArray()),
            "a request was read as another");
    }
}
