using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Client;

/// <summary>
/// Makes the calls that travel neither often nor with pages, with generated messages: gives each its deadline and turns
/// what the transport throws into this library's exceptions. Knows nothing of what the messages say. Any thread may
/// call.
/// </summary>
internal sealed class PageStoreCaller
{
    private readonly RemoteSwapClientOptions _options;

    // Bound once: a delegate a call would be garbage.
    private readonly Func<InvalidateAreaRequest, CallOptions, AsyncUnaryCall<InvalidateAreaResponse>> _invalidateArea;
    private readonly Func<ReclaimRequest, CallOptions, AsyncUnaryCall<ReclaimResponse>> _reclaim;

    /// <summary>Calls over a channel's invoker.</summary>
    public PageStoreCaller(CallInvoker invoker, RemoteSwapClientOptions options)
    {
        PageStoreService.PageStoreServiceClient client = new(invoker);
        _options = options;
        _invalidateArea = client.InvalidateAreaAsync;
        _reclaim = client.ReclaimAsync;
    }

    /// <summary>The tenant that the calls are for.</summary>
    public string Tenant => _options.Tenant;

    /// <summary>Empties an area.</summary>
    public Task<InvalidateAreaResponse> InvalidateAreaAsync(
        InvalidateAreaRequest request,
        CallSubject subject,
        CancellationToken ct) => UnaryCall.RunAsync(_invalidateArea, request, subject, _options, ct);

    /// <summary>Frees frames.</summary>
    public Task<ReclaimResponse> ReclaimAsync(ReclaimRequest request, CallSubject subject, CancellationToken ct) =>
        UnaryCall.RunAsync(_reclaim, request, subject, _options, ct);
}
