using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RemoteSwap.Cli.Addressing;
using RemoteSwap.Cli.App;
using RemoteSwap.Client;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Admin;

/// <summary>
/// Asks a server's admin service, over a channel of its own: the client library carries pages and has no admin calls.
/// Every call has a deadline; every failure comes as <see cref="CommandFailedException"/>.
/// </summary>
internal sealed class AdminLink : IDisposable
{
    private const int TokenBytes = 16;

    private readonly ServerUri _server;
    private readonly TimeSpan _deadline;
    private readonly GrpcChannel _channel;
    private readonly AdminService.AdminServiceClient _admin;
    private readonly AreaService.AreaServiceClient _areas;
    private bool _isTenants;

    /// <summary>Opens a link. Nothing is sent before the first call.</summary>
    /// <param name="server">The server.</param>
    /// <param name="options">How the library connects to it.</param>
    public AdminLink(ServerUri server, RemoteSwapClientOptions options)
    {
        _server = server;
        _deadline = options.CallDeadline;
        _channel = RemoteSwapConnection.OpenChannel(options);
        _admin = new AdminService.AdminServiceClient(_channel);
        _areas = new AreaService.AreaServiceClient(_channel);
    }

    /// <summary>All tenants, and the server.</summary>
    public Task<ListTenantsResponse> ListAsync(CancellationToken ct) => AskAsync(
        "the list of tenants", options => _admin.ListTenantsAsync(new ListTenantsRequest(), options), ct);

    /// <summary>
    /// What the caller may see: all tenants and the server; for who is no administrator one tenant, which has to be its
    /// own, and nothing of the server.
    /// </summary>
    /// <param name="tenant">The tenant; null: the caller's own.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<ListTenantsResponse> SeeAsync(string? tenant, CancellationToken ct)
    {
        // Once: the server counts refusals, and somebody may watch that.
        if (!_isTenants)
        {
            try
            {
                return await ListAsync(ct);
            }
            catch (CommandFailedException failed) when (
                failed.InnerException is RpcException { StatusCode: StatusCode.PermissionDenied })
            {
                _isTenants = true;
            }
        }

        return new ListTenantsResponse { Tenants = { await GetAsync(tenant ?? "", ct) } };
    }

    /// <summary>One tenant.</summary>
    public async Task<TenantStatistics> GetAsync(string tenant, CancellationToken ct) => (await AskAsync(
        $"the statistics of tenant '{tenant}'",
        options => _admin.GetTenantAsync(new GetTenantRequest { Tenant = tenant }, options),
        ct)).Tenant;

    /// <summary>Changes a tenant's limits.</summary>
    /// <returns>The tenant after the change.</returns>
    public async Task<TenantStatistics> SetAsync(SetTenantLimitsRequest request, CancellationToken ct) =>
        (await AskAsync(
            $"the change of tenant '{request.Tenant}'",
            options => _admin.SetTenantLimitsAsync(request, options),
            ct)).Tenant;

    /// <summary>Merges and moves frames of a tenant.</summary>
    public Task<CompactResponse> CompactAsync(string tenant, int maxFrames, CancellationToken ct) => AskAsync(
        $"the compaction of tenant '{tenant}'",
        options => _admin.CompactAsync(
            new CompactRequest { Tenant = tenant, MaxFrames = (uint)maxFrames }, options),
        ct);

    /// <summary>Marks frames that were not used for a time as idle.</summary>
    /// <returns>Frames marked.</returns>
    public async Task<ulong> MarkIdleAsync(string tenant, ulong ageSeconds, CancellationToken ct) => (await AskAsync(
        $"the marking of idle frames of tenant '{tenant}'",
        options => _admin.MarkIdleAsync(new MarkIdleRequest { Tenant = tenant, AgeSeconds = ageSeconds }, options),
        ct)).FramesMarked;

    /// <summary>Areas that have an owner.</summary>
    /// <param name="tenant">The tenant; empty: those of all.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<ListAreasResponse> ListAreasAsync(string tenant, CancellationToken ct) => AskAsync(
        "the list of areas", options => _admin.ListAreasAsync(new ListAreasRequest { Tenant = tenant }, options), ct);

    /// <summary>Has the server write all pages to its state folder and end.</summary>
    public Task<DrainResponse> DrainAsync(CancellationToken ct) => AskAsync(
        "the drain of the server", options => _admin.DrainAsync(new DrainRequest(), options), ct);

    /// <summary>
    /// How long an area is kept whose owner is silent: its lease and what comes after. Asks to resume a session that
    /// there never was, which is refused with these figures and changes nothing.
    /// </summary>
    public async Task<TimeSpan> KeptForAsync(string tenant, CancellationToken ct)
    {
        AttachRequest request = new()
        {
            Tenant = tenant,
            Mode = V1.AttachMode.Resume,
            SessionToken = ByteString.CopyFrom(new byte[TokenBytes]),
            Attempt = ByteString.CopyFrom(new byte[TokenBytes]),
        };
        AttachResponse terms = await AskAsync(
            $"the lease of areas of tenant '{tenant}'", options => _areas.AttachAsync(request, options), ct);
        return TimeSpan.FromMilliseconds(terms.LeaseMs + terms.AbandonedMs);
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private async Task<T> AskAsync<T>(
        string subject, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken ct)
    {
        try
        {
            using AsyncUnaryCall<T> running = call(
                new CallOptions(deadline: DateTime.UtcNow + _deadline, cancellationToken: ct));
            return await running.ResponseAsync;
        }
        catch (RpcException failed) when (ct.IsCancellationRequested && failed.StatusCode == StatusCode.Cancelled)
        {
            throw new OperationCanceledException($"{subject} was cancelled.", failed, ct);
        }
        catch (RpcException failed)
        {
            throw FailureWords.Of(failed, subject, _server, _deadline);
        }
    }
}
