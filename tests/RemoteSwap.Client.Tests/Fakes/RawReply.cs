using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>Answers a call with any bytes as its message, below gRPC.</summary>
internal sealed class RawReply
{
    private const int PrefixBytes = 5;

    /// <summary>The bytes; null: the call is answered as it should be.</summary>
    public byte[]? Message { get; set; }

    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (Message is not { } message)
        {
            await next(context);
            return;
        }

        byte[] prefix = new byte[PrefixBytes];
        BinaryPrimitives.WriteUInt32BigEndian(prefix.AsSpan(1), (uint)message.Length);
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Request.Body.CopyToAsync(Stream.Null);
        await context.Response.Body.WriteAsync(prefix);
        await context.Response.Body.WriteAsync(message);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
