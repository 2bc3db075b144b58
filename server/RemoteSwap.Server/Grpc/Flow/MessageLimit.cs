using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;
using RemoteSwap.Codec;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc;

/// <summary>
/// Admits calls by the length of their message, which stands before it, and before a byte of it is taken: a message
/// over its method's limit is refused by name and number; others wait while the memory that all calls in progress may
/// need is over a limit. A page call that is not over in a minute is ended, so that a client that does not read its
/// replies gives their memory back.
/// </summary>
internal sealed class MessageLimit
{
    /// <summary>A message that carries pages: a batch of 512 raw pages and its columns.</summary>
    public const int MaxPageMessageBytes = 4 << 20;

    /// <summary>Any other message: 512 slots and ranges take less than half of it.</summary>
    private const int MaxOtherMessageBytes = 64 << 10;

    /// <summary>Memory that all page calls in progress may need.</summary>
    private const long MaxBytesInProgress = 256 << 20;

    /// <summary>The most that a message can grow to when it is read: a one-byte slot becomes eight bytes.</summary>
    private const int Growth = 9;

    /// <summary>A reply that is worth waiting for until it is sent.</summary>
    private const int LargeReplyBytes = 64 << 10;

    // A flag, then the length, most significant byte first.
    private const int PrefixBytes = 5;

    private const string GrpcContent = "application/grpc";
    private const string Service = "/remoteswap.v1.PageStoreService/";

    private static readonly TimeSpan s_maxCallTime = TimeSpan.FromMinutes(1);

    private readonly ByteGate _inProgress = new(MaxBytesInProgress);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.ContentType?.StartsWith(GrpcContent, StringComparison.OrdinalIgnoreCase) != true)
        {
            await next(context);
            return;
        }

        string path = context.Request.Path.Value ?? "";
        string method = path.StartsWith(Service, StringComparison.Ordinal) ? path[Service.Length..] : "";
        uint bytes = await ReadLengthAsync(context);
        int maxBytes = method is "Store" or "Ping" ? MaxPageMessageBytes : MaxOtherMessageBytes;
        if (bytes > maxBytes)
        {
            CallRefusal refusal = new(
                StatusCode.ResourceExhausted, "message", $"has {bytes} bytes; at most {maxBytes} are allowed");
            refusal.End(context.Response);
        }
        else if (method is "Store" or "Load" or "Ping" or "Invalidate")
        {
            await InvokePageCallAsync(context, next, Needs(method, bytes));
        }
        else
        {
            await next(context);
        }
    }

    // What a call may need: its message as it came and as it is read, and its reply as it is made and as it is sent.
    private static long Needs(string method, long bytes)
    {
        const long MaxReplyBytes = StoreBatch.MaxPages * PageSize.Bytes;
        long reply = method switch
        {
            "Load" => Math.Min(bytes * PageSize.Bytes, MaxReplyBytes),
            "Ping" => MaxReplyBytes,
            _ => 0,
        };
        return (bytes * Growth) + (2 * reply);
    }

    private static async ValueTask<uint> ReadLengthAsync(HttpContext context)
    {
        PipeReader body = context.Request.BodyReader;
        ReadResult read = await body.ReadAtLeastAsync(PrefixBytes, context.RequestAborted);
        uint bytes = Length(read.Buffer);
        body.AdvanceTo(read.Buffer.Start);
        return bytes;
    }

    private static uint Length(ReadOnlySequence<byte> body)
    {
        if (body.Length < PrefixBytes)
        {
            return 0;
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        body.Slice(0, PrefixBytes).CopyTo(prefix);
        return BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
    }

    private async Task InvokePageCallAsync(HttpContext context, RequestDelegate next, long needs)
    {
        long entered = await _inProgress.EnterAsync(needs, context.RequestAborted);
        try
        {
            await using Timer timer = new(
                static state => ((HttpContext)state!).Abort(), context, s_maxCallTime, Timeout.InfiniteTimeSpan);
            await next(context);

            // gRPC leaves a reply unsent when it returns. A large one is sent from here, so that it counts until it is.
            PipeWriter reply = context.Response.BodyWriter;
            if (reply.CanGetUnflushedBytes && reply.UnflushedBytes > LargeReplyBytes)
            {
                await reply.FlushAsync(context.RequestAborted);
            }
        }
        finally
        {
            _inProgress.Leave(entered);
        }
    }
}
