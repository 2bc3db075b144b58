using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc.Calls;
using RemoteSwap.Server.Grpc.Exchange;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc;

/// <summary>
/// The page store's methods as gRPC calls them; see <see cref="PageStoreMethods"/> for which message type each has. It
/// translates and does nothing else.
/// </summary>
internal sealed class PageStoreGrpcService(
    PageStore store, CallSet calls, CallWatch watch, IHostApplicationLifetime lifetime) : PageStoreContract.Service
{
    private const uint MaxTargetFrames = 1 << 20;
    private const uint MaxRetries = 1024;

    /// <summary>Store: was carried out while its message was read; the reply is written from the call.</summary>
    public static Task<StoreCall> Store(StoreCall call, ServerCallContext context)
    {
        call.Refusal?.End(context);
        return call.Pause > TimeSpan.Zero ? HoldBackAsync(call, call.Pause, context) : Task.FromResult(call);
    }

    /// <summary>Load.</summary>
    public static async Task<LoadCall> Load(LoadCall call, ServerCallContext context)
    {
        if (call.Refusal is null)
        {
            call.BeginShare(seat: null);
        }

        try
        {
            if (call.Refusal is { } refusal)
            {
                refusal.End(context);
            }
            else if (call.Pause > TimeSpan.Zero)
            {
                // Held back before there is a reply in memory.
                _ = await HoldBackAsync(call, call.Pause, context);
                await LeaseOf(context).EnterAsync(context.CancellationToken);
                await call.LoadAsync();
            }
            else
            {
                await call.LoadAsync();
            }

            return call.Refusal is not null && call.Pause > TimeSpan.Zero
                ? await HoldBackAsync(call, call.Pause, context)
                : call;
        }
        finally
        {
            call.EndShare();
        }
    }

    /// <summary>Ping: was carried out while its message was read.</summary>
    public static Task<PingCall> Ping(PingCall call, ServerCallContext context)
    {
        call.Refusal?.End(context);
        return Task.FromResult(call);
    }

    /// <summary>Invalidate.</summary>
    public Task<InvalidateResponse> Invalidate(InvalidateRequest request, ServerCallContext context)
    {
        InvalidateResponse response = new();
        Caller caller = calls.Access.CallerOf(context);
        CallRefusal? refusal = calls.Invalidations.Run(
            request, caller, SpanParent.OfCall, response, seat: null, out TimeSpan pause, context.CancellationToken);
        refusal?.End(context);
        return pause > TimeSpan.Zero ? HoldBackAsync(response, pause, context) : Task.FromResult(response);
    }

    /// <summary>InvalidateArea.</summary>
    public Task<InvalidateAreaResponse> InvalidateArea(InvalidateAreaRequest request, ServerCallContext context)
    {
        InvalidateAreaResponse response = new();
        QuotaShare share = default;
        CallRefusal? refusal =
            calls.Check.CheckArea(calls.Access.CallerOf(context), request.Tenant, request.Area, out Tenant tenant)
            ?? RequestCheck.CheckGeneration("generation", request.Generation)
            ?? share.Begin(tenant, request.CalculateSize(), seat: null);
        try
        {
            refusal ??= InvalidateArea(request, tenant, response);
        }
        finally
        {
            share.End();
        }

        refusal?.End(context);
        return share.Pause > TimeSpan.Zero
            ? HoldBackAsync(response, share.Pause, context)
            : Task.FromResult(response);
    }

    private CallRefusal? InvalidateArea(InvalidateAreaRequest request, Tenant tenant, InvalidateAreaResponse response)
    {
        InvalidatedPages gone = store.InvalidateArea(
            tenant,
            new AreaId(request.Area),
            new Generation(request.Generation),
            new AttachEpoch(request.AttachEpoch));
        response.Pages = (ulong)gone.Pages;
        response.Fenced = gone.Outcome == global::RemoteSwap.Store.InvalidateOutcome.Fenced;
        return gone.Outcome == global::RemoteSwap.Store.InvalidateOutcome.Invariant ? CallRefusal.Broken(tenant) : null;
    }

    // The answer of a call that came too fast, or until the server stops. What the call has taken of the memory that
    // all calls share goes back meanwhile.
    private static async Task<TReply> HoldBackAsync<TReply>(TReply reply, TimeSpan pause, ServerCallContext context)
    {
        HttpContext http = context.GetHttpContext();
        http.Features.Get<GateLease>()?.Leave();
        object? server = http.RequestServices.GetService(typeof(IHostApplicationLifetime));
        CancellationToken stopping = (server as IHostApplicationLifetime)?.ApplicationStopping ?? default;
        await StreamSeat.PauseAsync(pause, stopping, context.CancellationToken);
        return reply;
    }

    private static GateLease LeaseOf(ServerCallContext context) =>
        context.GetHttpContext().Features.GetRequiredFeature<GateLease>();

    /// <summary>Reclaim.</summary>
    public async Task<ReclaimResponse> Reclaim(ReclaimRequest request, ServerCallContext context)
    {
        ReclaimResponse response = new();
        Caller caller = calls.Access.CallerOf(context);
        CallRefusal? refusal = calls.Check.CheckTenant(caller, request.Tenant, out Tenant tenant)
            ?? RequestCheck.CheckBound("target_frames", request.TargetFrames, 1, MaxTargetFrames)
            ?? RequestCheck.CheckBound("retries", request.Retries, 0, MaxRetries);
        if (refusal is null)
        {
            ReclaimResult result = await store.ReclaimAsync(tenant, (int)request.TargetFrames, (int)request.Retries);
            response.Outcome = OutcomeTable.ToWire(result.Outcome);
            response.FramesFreed = (uint)result.FramesFreed;
            response.PagesWrittenBack = (ulong)result.PagesWrittenBack;
            response.Detail = result.Detail;
        }

        refusal?.End(context);
        return response;
    }

    /// <summary>
    /// Exchange: reads and writes the transport's pipes itself, so the reader and writer stay unused.
    /// </summary>
    public async Task Exchange(ServerCallContext context)
    {
        HttpContext http = context.GetHttpContext();
        WatchedCall watched = watch.Add(http);
        try
        {
            ExchangeStream stream = new(
                http,
                calls,
                watched,
                calls.Access.StreamOf(http),
                lifetime.ApplicationStopping,
                context.CancellationToken);
            if (await stream.RunAsync() is { } refusal)
            {
                calls.Refused.Add(refusal);
                refusal.End(context);
            }
        }
        catch (IOException)
        {
            // The client has reset the stream or its connection is gone: nobody is left to be told, and it is no error
            // of this server that its log should have.
        }
        finally
        {
            watch.Remove(watched);
        }
    }
}
