using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Client;

/// <summary>
/// Makes single calls: gives each its deadline and turns what the transport throws into this library's exceptions.
/// Knows nothing of what the messages say. Any thread may call.
/// </summary>
internal sealed class PageStoreCaller
{
    private readonly RemoteSwapClientOptions _options;

    // Bound once: a delegate a call would be garbage.
    private readonly Func<StoreRequest, CallOptions, AsyncUnaryCall<StoreResponse>> _store;
    private readonly Func<LoadRequest, CallOptions, AsyncUnaryCall<LoadResponse>> _load;
    private readonly Func<InvalidateRequest, CallOptions, AsyncUnaryCall<InvalidateResponse>> _invalidate;
    private readonly Func<InvalidateAreaRequest, CallOptions, AsyncUnaryCall<InvalidateAreaResponse>> _invalidateArea;
    private readonly Func<ReclaimRequest, CallOptions, AsyncUnaryCall<ReclaimResponse>> _reclaim;
    private readonly Func<PingRequest, CallOptions, AsyncUnaryCall<PingResponse>> _ping;

    /// <summary>Calls over a channel.</summary>
    public PageStoreCaller(ChannelBase channel, RemoteSwapClientOptions options)
    {
        PageStoreService.PageStoreServiceClient client = new(channel);
        _options = options;
        _store = client.StoreAsync;
        _load = client.LoadAsync;
        _invalidate = client.InvalidateAsync;
        _invalidateArea = client.InvalidateAreaAsync;
        _reclaim = client.ReclaimAsync;
        _ping = client.PingAsync;
    }

    /// <summary>The tenant that the calls are for.</summary>
    public string Tenant => _options.Tenant;

    /// <summary>Stores at most 512 pages.</summary>
    public Task<StoreResponse> StoreAsync(StoreRequest request, CallSubject subject, CancellationToken ct) =>
        RunAsync(_store, request, subject, ct);

    /// <summary>Loads at most 512 pages.</summary>
    public Task<LoadResponse> LoadAsync(LoadRequest request, CallSubject subject, CancellationToken ct) =>
        RunAsync(_load, request, subject, ct);

    /// <summary>Invalidates at most 512 slots and ranges.</summary>
    public Task<InvalidateResponse> InvalidateAsync(
        InvalidateRequest request,
        CallSubject subject,
        CancellationToken ct) => RunAsync(_invalidate, request, subject, ct);

    /// <summary>Empties an area.</summary>
    public Task<InvalidateAreaResponse> InvalidateAreaAsync(
        InvalidateAreaRequest request,
        CallSubject subject,
        CancellationToken ct) => RunAsync(_invalidateArea, request, subject, ct);

    /// <summary>Frees frames.</summary>
    public Task<ReclaimResponse> ReclaimAsync(ReclaimRequest request, CallSubject subject, CancellationToken ct) =>
        RunAsync(_reclaim, request, subject, ct);

    /// <summary>Does nothing, in a certain shape.</summary>
    public Task<PingResponse> PingAsync(PingRequest request, CallSubject subject, CancellationToken ct) =>
        RunAsync(_ping, request, subject, ct);

    private async Task<TReply> RunAsync<TRequest, TReply>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TReply>> method,
        TRequest request,
        CallSubject subject,
        CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();

        // The transport measures the deadline by the system's clock, so it is taken from there and not injected.
        CallOptions options = new(deadline: DateTime.UtcNow + _options.CallDeadline, cancellationToken: ct);
        try
        {
            using AsyncUnaryCall<TReply> call = method(request, options);
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw CallFailure.Of(failure, subject, _options, ct);
        }
    }
}
