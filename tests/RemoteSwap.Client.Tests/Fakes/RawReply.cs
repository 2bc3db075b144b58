using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>Answers a call with any bytes as its message, below gRPC.</summary>
internal sealed class RawReply
{
    private const int PrefixBytes = 5;
    private const byte LengthType = 2;

    /// <summary>The bytes; null: the call is answered as it should be.</summary>
    public byte[]? Message { get; set; }

    /// <summary>Whether in a stream the bytes stand for the result of a reply, or else for all of it.</summary>
    public bool InEnvelope { get; set; } = true;

    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (Message is null)
        {
            await next(context);
            return;
        }

        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        if (context.Request.Path.Value!.EndsWith("/Exchange", StringComparison.Ordinal))
        {
            await AnswerStreamAsync(context);
        }
        else
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await WriteAsync(context, Message);
        }

        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task WriteAsync(HttpContext context, byte[] message)
    {
        byte[] frame = new byte[PrefixBytes + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, PrefixBytes);
        await context.Response.Body.WriteAsync(frame);
        await context.Response.Body.FlushAsync();
    }

    private static bool TryTake(ref ReadOnlySequence<byte> arrived, out ExchangeRequest request)
    {
        request = new ExchangeRequest();
        if (arrived.Length < PrefixBytes)
        {
            return false;
        }

        uint bytes = BinaryPrimitives.ReadUInt32BigEndian(arrived.Slice(1, sizeof(uint)).ToArray());
        if (arrived.Length < PrefixBytes + bytes)
        {
            return false;
        }

        request = ExchangeRequest.Parser.ParseFrom(arrived.Slice(PrefixBytes, bytes));
        arrived = arrived.Slice(PrefixBytes + bytes);
        return true;
    }

    private async Task AnswerStreamAsync(HttpContext context)
    {
        ExchangeWelcome welcome = new() { MaxRequests = 32, MaxBytes = 16 << 20 };
        await WriteAsync(context, new ExchangeResponse { Welcome = welcome }.ToByteArray());
        PipeReader requests = context.Request.BodyReader;
        bool more = true;
        while (more)
        {
            ReadResult read = await requests.ReadAsync();
            ReadOnlySequence<byte> arrived = read.Buffer;
            while (TryTake(ref arrived, out ExchangeRequest request))
            {
                await WriteAsync(context, Reply(request));
            }

            requests.AdvanceTo(arrived.Start, arrived.End);
            more = !read.IsCompleted;
        }
    }

    private byte[] Reply(ExchangeRequest request)
    {
        byte[] message = Message ?? [];
        if (!InEnvelope)
        {
            return message;
        }

        using MemoryStream bytes = new();
        using CodedOutputStream reply = new(bytes);
        reply.WriteRawTag(ExchangeResponse.RequestIdFieldNumber << 3);
        reply.WriteUInt64(request.RequestId);
        reply.WriteRawTag((byte)(((int)request.OperationCase << 3) | LengthType));
        reply.WriteBytes(ByteString.CopyFrom(message));
        reply.Flush();
        return bytes.ToArray();
    }
}
