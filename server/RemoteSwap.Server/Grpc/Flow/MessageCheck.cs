using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Reflection;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using RemoteSwap.Server.Grpc.Exchange;

namespace RemoteSwap.Server.Grpc.Flow;

/// <summary>
/// Looks at the one message of a call before gRPC does: it is there whole, nothing comes behind it, and its bytes are a
/// message of the method. gRPC would find the same by way of an exception, log it with its stack, and answer UNKNOWN;
/// so anybody could fill the log.
/// <para>
/// What it is not: the reading. Generated messages are read twice, here and by gRPC; they are small
/// (<see cref="MessageLimit.MaxOtherMessageBytes"/>). Messages that are read by hand refuse themselves. Thread-safe.
/// </para>
/// </summary>
internal sealed class MessageCheck
{
    // Null: its message is read by hand.
    private readonly ConcurrentDictionary<IMethod, MessageParser?> _parsers = new();

    /// <summary>Waits for the message of a call, and leaves it where it is.</summary>
    /// <param name="context">The call, with its endpoint.</param>
    /// <param name="bytes">What its prefix says.</param>
    /// <returns>What is wrong with it; null: nothing, or the method takes a stream of messages.</returns>
    public async ValueTask<CallRefusal?> CheckAsync(HttpContext context, uint bytes)
    {
        IMethod? method = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method;
        if (method is not { Type: MethodType.Unary or MethodType.ServerStreaming })
        {
            return null;
        }

        PipeReader body = context.Request.BodyReader;
        long end = MessageFrame.PrefixBytes + (long)bytes;
        ReadResult read = await body.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted && read.Buffer.Length <= end)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync(context.RequestAborted);
        }

        CallRefusal? refusal = read.Buffer.Length == end
            ? Read(method, read.Buffer.Slice(MessageFrame.PrefixBytes))
            : CallRefusal.WrongLength(read.Buffer.Length, end);

        // All of it has been examined, and is whole, so whoever reads it next has it at once. Were less said, the web
        // server would count the bytes again, and grant the connection's window twice for them, until it overflows.
        body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        return refusal;
    }

    private CallRefusal? Read(IMethod method, ReadOnlySequence<byte> message)
    {
        if (_parsers.GetOrAdd(method, FindParser) is not { } parser)
        {
            return null;
        }

        try
        {
            parser.ParseFrom(message);
            return null;
        }
        catch (InvalidProtocolBufferException)
        {
            return CallRefusal.Malformed(TypeOf(method).Name);
        }
    }

    private static Type TypeOf(IMethod method) => method.GetType().GetGenericArguments()[0];

    private static MessageParser? FindParser(IMethod method) =>
        TypeOf(method).GetProperty("Parser", BindingFlags.Public | BindingFlags.Static)?.GetValue(null)
            as MessageParser;
}
