using System.Buffers;
using System.Runtime.InteropServices;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Server.Grpc.Exchange;

/// <summary>
/// An ExchangeRequest: its id, which operation it has, that operation's message and trace context, still unread.
/// </summary>
/// <param name="RequestId">Field request_id.</param>
/// <param name="Field">The number of the operation's field; 0: there is none.</param>
/// <param name="Message">The operation's message, where it lies.</param>
/// <param name="TraceContext">Field trace_context, where it lies.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ExchangeOperation(
    ulong RequestId, int Field, ReadOnlySequence<byte> Message, ReadOnlySequence<byte> TraceContext)
{
    /// <summary>Where the request's span hangs.</summary>
    public SpanParent Parent => new(IsStreamed: true, TraceContext);

    /// <summary>
    /// Whether it may take longer than others on the same poller should wait: many pages, or a range of any length.
    /// </summary>
    public bool IsLong => Message.Length > MessageLimit.LargeBytes || Field == ExchangeRequest.InvalidateFieldNumber;

    /// <summary>Reads an ExchangeRequest.</summary>
    /// <returns>Whether the bytes are one.</returns>
    public static bool TryRead(ReadOnlySequence<byte> bytes, out ExchangeOperation operation)
    {
        ulong id = 0;
        int operationField = 0;
        ReadOnlySequence<byte> message = default;
        ReadOnlySequence<byte> context = default;
        MessageReader reader = new(bytes);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field)
            {
                case ExchangeRequest.RequestIdFieldNumber when type == WireType.Varint:
                    id = reader.ReadVarint();
                    break;
                case ExchangeRequest.StoreFieldNumber or ExchangeRequest.LoadFieldNumber
                    or ExchangeRequest.InvalidateFieldNumber or ExchangeRequest.PingFieldNumber
                    when type == WireType.Length:
                    message = reader.ReadBytes();
                    operationField = field;
                    break;
                case ExchangeRequest.TraceContextFieldNumber when type == WireType.Length:
                    context = reader.ReadBytes();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        operation = new ExchangeOperation(id, operationField, message, context);
        return !reader.IsMalformed && id != 0;
    }
}
