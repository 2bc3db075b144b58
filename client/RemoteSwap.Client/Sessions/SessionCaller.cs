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
        RunAsync(_client.AttachAsync, request, Subject("Attach", request.Area), ct);

    /// <summary>Says that the owner is alive.</summary>
    public Task<KeepAliveResponse> KeepAliveAsync(uint area, ulong epoch, CancellationToken ct) => RunAsync(
        _client.KeepAliveAsync,
        new KeepAliveRequest { Tenant = options.Tenant, Area = area, AttachEpoch = epoch },
        Subject("Keep-alive", area),
        ct);

    /// <summary>Ends a session.</summary>
    public Task<DetachResponse> DetachAsync(uint area, ulong epoch, bool keepPages, CancellationToken ct) => RunAsync(
        _client.DetachAsync,
        new DetachRequest { Tenant = options.Tenant, Area = area, AttachEpoch = epoch, KeepPages = keepPages },
        Subject("Detach", area),
        ct);

    /// <summary>Lists pages.</summary>
    public Task<ListPagesResponse> ListPagesAsync(
        uint area, ulong epoch, ulong firstSlot, uint maxPages, CancellationToken ct) => RunAsync(
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
        ct);

    private CallSubject Subject(string verb, uint area) => new(verb, options.Tenant, area, default);

    private async Task<TReply> RunAsync<TRequest, TReply>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TReply>> method,
        TRequest request,
        CallSubject subject,
        CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        CallOptions call = new(deadline: DateTime.UtcNow + options.CallDeadline, cancellationToken: ct);
        try
        {
            using AsyncUnaryCall<TReply> running = method(request, call);
            return await running.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw CallFailure.Of(failure, subject, options, ct);
        }
    }
}
