using System.Buffers;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using RemoteSwap.Server.Grpc.Calls;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Server.Grpc;

/// <summary>
/// Which methods the page store has, and how each reads and writes its messages: by hand where pages travel, generated
/// elsewhere. The wire format is the same; a client made from the .proto in any language cannot tell.
/// <para>
/// Reading a Store carries it out: only while gRPC reads a message are its bytes where the transport put them, and from
/// there they go straight into frames.
/// </para>
/// </summary>
internal sealed class PageStoreMethods(CallSet calls) : IServiceMethodProvider<PageStoreGrpcService>
{
    private const string Name = "remoteswap.v1.PageStoreService";

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<PageStoreGrpcService> context)
    {
        List<object> metadata = [new HttpMethodMetadata(["POST"], acceptCorsPreflight: true)];
        context.AddUnaryMethod(
            Unary("Store", Marshallers.Create(WriteStore, ReadStore)),
            metadata,
            (_, call, server) => PageStoreGrpcService.Store(call, server));
        context.AddUnaryMethod(
            Unary("Load", Marshallers.Create(WriteLoad, ReadLoad)),
            metadata,
            (_, call, server) => PageStoreGrpcService.Load(call, server));
        context.AddUnaryMethod(
            Unary("Ping", Marshallers.Create(WritePing, ReadPing)),
            metadata,
            (_, call, server) => PageStoreGrpcService.Ping(call, server));
        context.AddUnaryMethod(
            Generated(MethodType.Unary, "Invalidate", InvalidateRequest.Parser, InvalidateResponse.Parser),
            metadata,
            (service, request, server) => service.Invalidate(request, server));
        context.AddUnaryMethod(
            Generated(MethodType.Unary, "InvalidateArea", InvalidateAreaRequest.Parser, InvalidateAreaResponse.Parser),
            metadata,
            (service, request, server) => service.InvalidateArea(request, server));
        context.AddUnaryMethod(
            Generated(MethodType.Unary, "Reclaim", ReclaimRequest.Parser, ReclaimResponse.Parser),
            metadata,
            (service, request, server) => service.Reclaim(request, server));
        context.AddDuplexStreamingMethod(
            Generated(MethodType.DuplexStreaming, "Exchange", ExchangeRequest.Parser, ExchangeResponse.Parser),
            metadata,
            (service, _, _, server) => service.Exchange(server));
    }

    private static Method<TCall, TCall> Unary<TCall>(string name, Marshaller<TCall> marshaller) =>
        new(MethodType.Unary, Name, name, marshaller, marshaller);

    private static Method<TRequest, TResponse> Generated<TRequest, TResponse>(
        MethodType type, string name, MessageParser<TRequest> requests, MessageParser<TResponse> responses)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> =>
        new(type, Name, name, Generated(requests), Generated(responses));

    private static Marshaller<TMessage> Generated<TMessage>(MessageParser<TMessage> parser)
        where TMessage : IMessage<TMessage> => Marshallers.Create(
            static (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private static void Complete(SerializationContext context, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        int bytes = head.Length + tail.Length;
        context.SetPayloadLength(bytes);
        IBufferWriter<byte> writer = context.GetBufferWriter();
        Span<byte> room = writer.GetSpan(bytes);
        head.CopyTo(room);
        tail.CopyTo(room[head.Length..]);
        writer.Advance(bytes);
        context.Complete();
    }

    private StoreCall ReadStore(DeserializationContext context)
    {
        StoreCall call = calls.Stores.Rent();
        call.Run(context.PayloadAsReadOnlySequence(), calls.Access.CallerOfMessage, SpanParent.OfCall);
        return call;
    }

    private void WriteStore(StoreCall call, SerializationContext context)
    {
        MessageWriter reply = new(stackalloc byte[StoreCall.MaxReplyBytes]);
        if (call.Refusal is null)
        {
            call.WriteReply(ref reply);
        }

        Complete(context, reply.Written, default);
        calls.Stores.Return(call);
    }

    private LoadCall ReadLoad(DeserializationContext context)
    {
        LoadCall call = calls.Loads.Rent();
        call.Read(context.PayloadAsReadOnlySequence(), calls.Access.CallerOfMessage, SpanParent.OfCall);
        return call;
    }

    private void WriteLoad(LoadCall call, SerializationContext context)
    {
        if (call.Refusal is not null)
        {
            Complete(context, default, default);
        }
        else
        {
            MessageWriter columns = new(stackalloc byte[call.MaxColumnBytes + MessageWriter.OpenBytes]);
            call.WriteColumns(ref columns);
            columns.WriteLength(LoadResponse.ZpagesFieldNumber, call.Batch.ZpageBytes);
            Complete(context, columns.Written, call.Batch.Zpages.Span);
        }

        calls.Loads.Return(call);
    }

    private PingCall ReadPing(DeserializationContext context)
    {
        PingCall call = calls.Pings.Rent();
        call.Run(context.PayloadAsReadOnlySequence());
        return call;
    }

    private void WritePing(PingCall call, SerializationContext context)
    {
        if (call.Refusal is not null)
        {
            Complete(context, default, default);
        }
        else
        {
            byte[] room = ArrayPool<byte>.Shared.Rent(call.MaxReplyBytes);
            MessageWriter reply = new(room);
            call.WriteReply(ref reply);
            Complete(context, reply.Written, default);
            ArrayPool<byte>.Shared.Return(room);
        }

        calls.Pings.Return(call);
    }
}
