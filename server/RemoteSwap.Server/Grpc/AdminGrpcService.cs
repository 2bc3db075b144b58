using Grpc.Core;
using RemoteSwap.Server.Access;
using RemoteSwap.Store;
using RemoteSwap.Units;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc;

/// <summary>Serves what an operator asks: statistics, limits, audit, compaction, drain.</summary>
internal sealed class AdminGrpcService(PageStore store, AccessPolicy access, IHostApplicationLifetime lifetime)
    : AdminService.AdminServiceBase
{
    private const uint MaxFrames = 1 << 20;
    private static readonly ByteSize s_minLimit = new(1L << 20);
    private static readonly ByteSize s_maxLimit = new(4L << 40);

    private readonly RequestCheck _check = new(store, access);

    /// <inheritdoc/>
    public override Task<ListTenantsResponse> ListTenants(ListTenantsRequest request, ServerCallContext context) =>
        Task.FromResult(TenantReport.OfAll(store));

    /// <inheritdoc/>
    public override Task<GetTenantResponse> GetTenant(GetTenantRequest request, ServerCallContext context)
    {
        GetTenantResponse response = new();
        if (_check.CheckTenant(access.CallerOf(context), request.Tenant, out Tenant tenant) is { } refusal)
        {
            refusal.End(context);
        }
        else
        {
            response.Tenant = TenantReport.Of(tenant);
        }

        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override Task<SetTenantLimitsResponse> SetTenantLimits(
        SetTenantLimitsRequest request, ServerCallContext context)
    {
        SetTenantLimitsResponse response = new();
        CallRefusal? refusal = _check.CheckTenant(access.CallerOf(context), request.Tenant, out Tenant tenant)
            ?? CheckLimits(request)
            ?? QuotaReport.Check(request.Quotas);
        if (refusal is not null)
        {
            refusal.End(context);
            return Task.FromResult(response);
        }

        LimitOutcome outcome = tenant.SetLimits(new TenantLimits
        {
            LimitBytes = request.HasLimitBytes ? (long)request.LimitBytes : null,
            AcceptThresholdPercent = request.HasAcceptThresholdPercent ? (int)request.AcceptThresholdPercent : null,
            GuaranteeBytes = request.HasGuaranteeBytes ? (long)request.GuaranteeBytes : null,
            Weight = request.HasWeight ? (int)request.Weight : null,
            Quotas = request.Quotas is { } quotas ? QuotaReport.Change(tenant.Quotas.Quotas, quotas) : null,
        });
        if (outcome != LimitOutcome.Set)
        {
            RefuseGuarantee(tenant, request, outcome).End(context);
            return Task.FromResult(response);
        }

        if (request.HasEnabled)
        {
            tenant.IsEnabled = request.Enabled;
        }

        response.Tenant = TenantReport.Of(tenant);
        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override async Task<CheckInvariantsResponse> CheckInvariants(
        CheckInvariantsRequest request, ServerCallContext context)
    {
        if (Choose(access.CallerOf(context), request.Tenant, out IReadOnlyList<Tenant> tenants) is { } refusal)
        {
            refusal.End(context);
            return new CheckInvariantsResponse();
        }

        return await AuditReport.RunAsync(tenants, request.Deep, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override async Task<CompactResponse> Compact(CompactRequest request, ServerCallContext context)
    {
        CompactResponse response = new();
        CallRefusal? refusal = _check.CheckTenant(access.CallerOf(context), request.Tenant, out Tenant tenant)
            ?? (request.MaxFrames is 0 or > MaxFrames
                ? CallRefusal.Invalid("max_frames", $"is {request.MaxFrames}; it must be 1 to {MaxFrames}")
                : null);
        if (refusal is not null)
        {
            refusal.End(context);
            return response;
        }

        response.DensityBefore = TenantReport.Of(tenant).Density;
        CompactResult result =
            await store.Compactor.RunAsync(tenant, (int)request.MaxFrames, context.CancellationToken);
        response.DensityAfter = TenantReport.Of(tenant).Density;
        response.FramesMerged = (uint)result.Merged;
        response.FramesMoved = (uint)result.Moved;
        response.FramesBusy = (uint)result.Busy;
        response.LongestHoldUs = (ulong)Math.Ceiling(result.LongestHold.TotalMicroseconds);
        response.GivenBackBytes = (ulong)result.GivenBackBytes;
        return response;
    }

    /// <inheritdoc/>
    public override async Task<MarkIdleResponse> MarkIdle(MarkIdleRequest request, ServerCallContext context)
    {
        MarkIdleResponse response = new();
        ulong most = (ulong)FrameAges.MaxAge.TotalSeconds;
        CallRefusal? refusal = _check.CheckTenant(access.CallerOf(context), request.Tenant, out Tenant tenant)
            ?? (request.AgeSeconds > most
                ? CallRefusal.Invalid("age_seconds", $"is {request.AgeSeconds}; it must be 0 to {most}")
                : null);
        if (refusal is not null)
        {
            refusal.End(context);
            return response;
        }

        TimeSpan age = TimeSpan.FromSeconds(request.AgeSeconds);
        response.FramesMarked = (ulong)await Task.Run(
            () => store.MarkIdle(tenant, age), context.CancellationToken);
        return response;
    }

    /// <inheritdoc/>
    public override Task<ListAreasResponse> ListAreas(ListAreasRequest request, ServerCallContext context)
    {
        ListAreasResponse response = new();
        if (Choose(access.CallerOf(context), request.Tenant, out IReadOnlyList<Tenant> tenants) is { } refusal)
        {
            refusal.End(context);
            return Task.FromResult(response);
        }

        foreach (Tenant tenant in tenants)
        {
            response.Areas.AddRange(AreaOwners.List(tenant).Select(area => new AreaStatistics
            {
                Tenant = tenant.Name,
                Area = area.Area.Value,
                Holder = area.Holder,
                AttachEpoch = area.Epoch.Value,
                SilentMs = (ulong)area.SilentFor.TotalMilliseconds,
                Orphaned = area.FreedIn is not null,
                FreedInMs = (ulong)(area.FreedIn ?? TimeSpan.Zero).TotalMilliseconds,
                Pages = (ulong)area.Pages,
            }));
        }

        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override Task<DrainResponse> Drain(DrainRequest request, ServerCallContext context)
    {
        DrainResponse response = new();
        if (!new WarmRestart(store).IsKept)
        {
            CallRefusal.NoStateFolder.End(context);
            return Task.FromResult(response);
        }

        response.StoredPages = (ulong)store.Tenants.Sum(tenant => new Store.TenantStatistics(tenant).StoredPages);
        response.UsedBytes = (ulong)store.Statistics.UsedBytes;

        // The stop waits for calls that run, and this is one of them; so it is only begun here.
        store.BeginDrain();
        lifetime.StopApplication();
        return Task.FromResult(response);
    }

    // The tenant of a name, or all of them where none is named.
    private CallRefusal? Choose(Caller caller, string name, out IReadOnlyList<Tenant> tenants)
    {
        tenants = store.Tenants;
        if (name.Length == 0)
        {
            return null;
        }

        CallRefusal? refusal = _check.CheckTenant(caller, name, out Tenant tenant);
        tenants = [tenant];
        return refusal;
    }

    private CallRefusal RefuseGuarantee(Tenant tenant, SetTenantLimitsRequest request, LimitOutcome outcome)
    {
        V1.TenantStatistics now = TenantReport.Of(tenant);
        ulong guarantee = request.HasGuaranteeBytes ? request.GuaranteeBytes : now.GuaranteeBytes;
        ulong limit = request.HasLimitBytes ? request.LimitBytes : now.LimitBytes;
        string field = request.HasGuaranteeBytes ? "guarantee_bytes" : "limit_bytes";
        return outcome == LimitOutcome.GuaranteeAboveLimit
            ? CallRefusal.Invalid(
                field, $"would make the guarantee {guarantee} and the limit {limit}; a guarantee is at most the limit")
            : CallRefusal.Precondition(
                field,
                $"is {guarantee}; {store.Statistics.FreeBytes} bytes of the server are neither used nor guaranteed to "
                + "others now; give less, lower another guarantee or limit, or try again when the server was shrunk");
    }

    private static CallRefusal? CheckLimits(SetTenantLimitsRequest request)
    {
        if (request.HasLimitBytes
            && (request.LimitBytes < (ulong)s_minLimit.Bytes || request.LimitBytes > (ulong)s_maxLimit.Bytes))
        {
            return CallRefusal.Invalid(
                "limit_bytes", $"is {request.LimitBytes}; it must be {s_minLimit} to {s_maxLimit}");
        }

        if (request.HasGuaranteeBytes && request.GuaranteeBytes > (ulong)s_maxLimit.Bytes)
        {
            return CallRefusal.Invalid("guarantee_bytes", $"is {request.GuaranteeBytes}; it must be 0 to {s_maxLimit}");
        }

        if (request is { HasWeight: true, Weight: 0 or > Tenant.MaxWeight })
        {
            return CallRefusal.Invalid("weight", $"is {request.Weight}; it must be 1 to {Tenant.MaxWeight}");
        }

        return request is { HasAcceptThresholdPercent: true, AcceptThresholdPercent: 0 or > 100 }
            ? CallRefusal.Invalid(
                "accept_threshold_percent", $"is {request.AcceptThresholdPercent}; it must be 1 to 100")
            : null;
    }
}
