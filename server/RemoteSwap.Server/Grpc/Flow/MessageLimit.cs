using System.IO.Pipelines;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http.Features;
using RemoteSwap.Codec;
using RemoteSwap.Server.Grpc.Exchange;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc.Flow;

/// <summary>
/// Admits unary calls by the length of their message, which stands before it, and before a byte of it is taken: a
/// message over its method's limit, or a compressed one, is refused by name and number; others wait while the memory
/// that all calls in progress may need is over a limit, the connection's share first. A page call that is not over in a
/// minute is ended (<see cref="CallWatch"/>). An Exchange stream does the like for each of its requests.
/// </summary>
internal sealed class MessageLimit(CallWatch watch, RefusedMessages refused)
{
    /// <summary>A message that carries pages: a batch of 512 raw pages and its columns.</summary>
    public const int MaxPageMessageBytes = 4 << 20;

    /// <summary>Any other message: 512 slots and ranges take less than half of it.</summary>
    public const int MaxOtherMessageBytes = 64 << 10;

    /// <summary>A message that is worth counting, or a reply that is worth waiting for.</summary>
    public const int LargeBytes = 64 << 10;

    /// <summary>A reply of a stream that is worth counting before it is made.</summary>
    public const int LargeReplyBytes = 256 << 10;

    /// <summary>The most bytes of the pages in a reply.</summary>
    public const int MaxReplyPageBytes = StoreBatch.MaxPages * ZpageLimits.MaxBytes;

    /// <summary>The most that an Invalidate can grow to when it is read: a one-byte slot becomes eight bytes.</summary>
    private const int Growth = 9;

    /// <summary>How often it is read: by <see cref="MessageCheck"/> and by gRPC.</summary>
    private const int Readings = 2;

    private const string GrpcContent = "application/grpc";
    private const string Service = "/remoteswap.v1.PageStoreService/";

    private readonly MessageCheck _check = new();

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await AdmitAsync(context, next);
        }
        catch (Exception gone) when (
            gone is IOException or OperationCanceledException && !context.Response.HasStarted)
        {
            // The client has reset the call, is gone, or sends too slowly: nobody waits for an answer, and it is no
            // error of this server that its log should have.
            context.Abort();
        }
    }

    private async Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        // As the method is registered: routes are found in other spellings too.
        string path = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName ?? "";
        string method = path.StartsWith(Service, StringComparison.Ordinal) ? path[Service.Length..] : "";
        bool isGrpc =
            context.Request.ContentType?.StartsWith(GrpcContent, StringComparison.OrdinalIgnoreCase) == true;
        if (!isGrpc || method == "Exchange")
        {
            await next(context);
            return;
        }

        (uint bytes, bool isCompressed) = await ReadPrefixAsync(context);
        int maxBytes = method is "Store" or "Ping" ? MaxPageMessageBytes : MaxOtherMessageBytes;
        if (isCompressed)
        {
            Refuse(context, CallRefusal.Compressed);
        }
        else if (bytes > maxBytes)
        {
            Refuse(context, CallRefusal.TooLarge(bytes, maxBytes));
        }
        else if (method is "Store" or "Load" or "Ping" or "Invalidate")
        {
            await InvokePageCallAsync(context, next, bytes, Needs(method, bytes));
        }
        else
        {
            await InvokeCheckedAsync(context, next, bytes);
        }
    }

    private async Task InvokeCheckedAsync(HttpContext context, RequestDelegate next, uint bytes)
    {
        if (await _check.CheckAsync(context, bytes) is { } refusal)
        {
            Refuse(context, refusal);
        }
        else
        {
            await next(context);
        }
    }

    private void Refuse(HttpContext context, CallRefusal refusal)
    {
        refused.Add(refusal);
        refusal.End(context.Response);
    }

    // What a call may need: its message as it came and as it is read, and its reply as it is made and as it is sent.
    private static long Needs(string method, long bytes) => method switch
    {
        "Load" => bytes + (2 * Math.Min(bytes * ZpageLimits.MaxBytes, MaxReplyPageBytes)),
        "Ping" => bytes + MaxReplyPageBytes,
        "Store" => bytes,
        _ => bytes * Growth * Readings,
    };

    private static async ValueTask<(uint Bytes, bool IsCompressed)> ReadPrefixAsync(HttpContext context)
    {
        PipeReader body = context.Request.BodyReader;
        ReadResult read = await body.ReadAtLeastAsync(MessageFrame.PrefixBytes, context.RequestAborted);
        MessageFrame.TryReadPrefix(read.Buffer, out uint bytes, out bool isCompressed);
        body.AdvanceTo(read.Buffer.Start);
        return (bytes, isCompressed);
    }

    private async Task InvokePageCallAsync(HttpContext context, RequestDelegate next, uint bytes, long needs)
    {
        // A small message has to be here before it takes a place: a prefix alone costs its sender nothing.
        bool isSmall = bytes <= MaxOtherMessageBytes;
        if (isSmall && await _check.CheckAsync(context, bytes) is { } refusal)
        {
            Refuse(context, refusal);
            return;
        }

        GateLease lease = new(context.Features.GetRequiredFeature<ConnectionShare>().Gate, needs);
        await lease.EnterAsync(context.RequestAborted);
        context.Features.Set(lease);
        WatchedCall call = watch.Add(context);
        try
        {
            call.Begin();
            await (isSmall ? next(context) : InvokeCheckedAsync(context, next, bytes));

            // gRPC leaves a reply unsent when it returns. A large one is sent from here, so that it counts until it is.
            PipeWriter reply = context.Response.BodyWriter;
            if (reply.CanGetUnflushedBytes && reply.UnflushedBytes > LargeBytes)
            {
                await reply.FlushAsync(context.RequestAborted);
            }
        }
        finally
        {
            watch.Remove(call);
            lease.Leave();
        }
    }
}
