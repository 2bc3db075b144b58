using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;

namespace RemoteSwap.Server.Grpc;

/// <summary>
/// Refuses a message over the limit before a byte of it is taken, and says how long it is. gRPC itself refuses it too, but
/// names neither value nor limit. It looks at the length that stands before the message and consumes nothing.
/// </summary>
internal sealed class MessageLimit(int maxBytes)
{
    // A flag, then the length, most significant byte first.
    private const int PrefixBytes = 5;

    private const string GrpcContent = "application/grpc";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.ContentType?.StartsWith(GrpcContent, StringComparison.OrdinalIgnoreCase) == true)
        {
            ReadResult read = await context.Request.BodyReader.ReadAtLeastAsync(PrefixBytes, context.RequestAborted);
            uint bytes = MessageBytes(read.Buffer);
            context.Request.BodyReader.AdvanceTo(read.Buffer.Start);
            if (bytes > maxBytes)
            {
                new CallRefusal(StatusCode.ResourceExhausted, "message", $"has {bytes} bytes; at most {maxBytes} are allowed")
                    .End(context.Response);
                return;
            }
        }

        await next(context);
    }

    private static uint MessageBytes(ReadOnlySequence<byte> body)
    {
        if (body.Length < PrefixBytes)
        {
            return 0;
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        body.Slice(0, PrefixBytes).CopyTo(prefix);
        return BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
    }
}
