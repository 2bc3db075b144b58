using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Sessions;

/// <summary>
/// Makes the calls about sessions. All of them may be made again: an attach is known by its token, and the others
/// change nothing the second time. Any thread may call.
/// </summary>
internal sealed class SessionCaller(CallInvoker invoker, RemoteSwapClientOptions options)
{
    private readonly AreaService.AreaServiceClient _client = new(invoker);

    /// <summary>Attaches, or resumes.</summary>
    public Task<AttachResponse> AttachAsync(AttachRequest request, CancellationToken ct) =>
        UnaryCall.RunAsync(_client.AttachAsync, request, Subject("Attach", request.Area), options, ct);

    /// <summary>Says that the owner is alive.</summary>
    public Task<KeepAliveResponse> KeepAliveAsync(uint area, ulong epoch, CancellationToken ct) => UnaryCall.RunAsync(
        _client.KeepAliveAsync,
        new KeepAliveRequest { Tenant = options.Tenant, Area = area, AttachEpoch = epoch },
        Subject("Keep-alive", area),
        options,
        ct);

    /// <summary>Ends a session.</summary>
    public Task<DetachResponse> DetachAsync(
        uint area, ulong epoch, bool keepPages, CancellationToken ct) => UnaryCall.RunAsync(
        _client.DetachAsync,
        new DetachRequest { Tenant = options.Tenant, Area = area, AttachEpoch = epoch, KeepPages = keepPages },
        Subject("Detach", area),
        options,
        ct);

    /// <summary>Lists pages.</summary>
    public Task<ListPagesResponse> ListPagesAsync(
        uint area, ulong epoch, ulong firstSlot, uint maxPages, CancellationToken ct) => UnaryCall.RunAsync(
        _client.ListPagesAsync,
        new ListPagesRequest
        {
            Tenant = options.Tenant,
            Area = area,
            AttachEpoch = epoch,
            FirstSlot = firstSlot,
            MaxPages = maxPages,
        },
        Subject("List of pages", area),
        options,
        ct);

    private CallSubject Subject(string verb, uint area) => new(verb, options.Tenant, area, default);
}
