using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc.Evictions;

/// <summary>
/// The method of the eviction service, with generated messages. The one difference to generated code: bytes that are no
/// message become an empty one, which the stream refuses; an exception out of the reader would be logged with its stack
/// by gRPC, as often as a client likes.
/// </summary>
internal sealed class EvictionMethods : IServiceMethodProvider<EvictionGrpcService>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<EvictionGrpcService> context) =>
        context.AddDuplexStreamingMethod(
            new Method<EvictionsRequest, EvictionsResponse>(
                MethodType.DuplexStreaming,
                EvictionService.Descriptor.FullName,
                nameof(EvictionGrpcService.Evictions),
                Marshallers.Create(WriteRequest, Read),
                Marshallers.Create(WriteResponse, ReadResponse)),
            [new HttpMethodMetadata(["POST"], acceptCorsPreflight: true)],
            (service, requests, responses, server) => service.Evictions(requests, responses, server));

    private static EvictionsRequest Read(DeserializationContext context)
    {
        try
        {
            return EvictionsRequest.Parser.ParseFrom(context.PayloadAsReadOnlySequence());
        }
        catch (InvalidProtocolBufferException)
        {
            return new EvictionsRequest();
        }
    }

    private static EvictionsResponse ReadResponse(DeserializationContext context) =>
        EvictionsResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence());

    private static void WriteRequest(EvictionsRequest message, SerializationContext context) => Write(message, context);

    private static void WriteResponse(EvictionsResponse message, SerializationContext context) =>
        Write(message, context);

    private static void Write(IMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
