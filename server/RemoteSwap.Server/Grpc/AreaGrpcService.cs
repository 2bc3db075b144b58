using Grpc.Core;
using RemoteSwap.Server.Access;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc;

/// <summary>Serves who owns which area. It translates and does nothing else.</summary>
internal sealed class AreaGrpcService(PageStore store, AccessPolicy access) : AreaService.AreaServiceBase
{
    private const int MaxHolderLength = 128;
    private readonly RequestCheck _check = new(store, access);

    /// <inheritdoc/>
    public override async Task<AttachResponse> Attach(AttachRequest request, ServerCallContext context)
    {
        SessionToken token = default;
        SessionToken attempt = default;
        CallRefusal? refusal = Check(request.Tenant, request.Area, context, out Tenant tenant)
            ?? CheckAttach(request, out token, out attempt);
        if (refusal is not null)
        {
            refusal.End(context);
            return new AttachResponse();
        }

        AttachTerms terms = new()
        {
            Mode = OutcomeTable.Of(request.Mode),
            Holder = request.Holder,
            Epoch = new AttachEpoch(request.AttachEpoch),
            Token = token,
            Attempt = attempt,
            Incarnation = new Incarnation(request.Incarnation),
            DiscardsPages = request.DiscardPages,
        };

        // It may have to empty the area first.
        try
        {
            AttachResult result =
                await Task.Run(() => AreaOwners.Attach(tenant, new AreaId(request.Area), terms));
            if (result.Outcome == Store.AttachOutcome.AreaQuota)
            {
                NoMoreAreas(tenant).End(context);
                return new AttachResponse();
            }

            return ToWire(result, tenant);
        }
        catch (IOException failure)
        {
            CallRefusal.NotWritten(failure).End(context);
            return new AttachResponse();
        }
    }

    /// <inheritdoc/>
    public override Task<KeepAliveResponse> KeepAlive(KeepAliveRequest request, ServerCallContext context)
    {
        KeepAliveResponse response = new() { Incarnation = store.Incarnation.Value };
        if (Check(request.Tenant, request.Area, context, out Tenant tenant) is { } refusal)
        {
            refusal.End(context);
            return Task.FromResult(response);
        }

        response.Fenced = !AreaOwners.KeepAlive(
            tenant, new AreaId(request.Area), new AttachEpoch(request.AttachEpoch));
        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override async Task<DetachResponse> Detach(DetachRequest request, ServerCallContext context)
    {
        if (Check(request.Tenant, request.Area, context, out Tenant tenant) is { } refusal)
        {
            refusal.End(context);
            return new DetachResponse();
        }

        try
        {
            long? pages = await Task.Run(() => AreaOwners.Detach(
                tenant, new AreaId(request.Area), new AttachEpoch(request.AttachEpoch), request.KeepPages));
            return new DetachResponse { Fenced = pages is null, Pages = (ulong)(pages ?? 0) };
        }
        catch (IOException failure)
        {
            CallRefusal.NotWritten(failure).End(context);
            return new DetachResponse();
        }
    }

    /// <inheritdoc/>
    public override Task<ListPagesResponse> ListPages(ListPagesRequest request, ServerCallContext context)
    {
        ListPagesResponse response = new();
        CallRefusal? refusal = Check(request.Tenant, request.Area, context, out Tenant tenant)
            ?? RequestCheck.CheckBound("max_pages", request.MaxPages, 1, PageListing.MaxPages)
            ?? RequestCheck.CheckSlots([request.FirstSlot], count: 1, tenant);
        if (refusal is not null)
        {
            refusal.End(context);
            return Task.FromResult(response);
        }

        PageListing listing = PageListing.Run(
            tenant,
            new AreaId(request.Area),
            new AttachEpoch(request.AttachEpoch),
            new Slot(request.FirstSlot),
            (int)request.MaxPages);
        response.Fenced = listing.IsFenced;
        response.NextSlot = listing.Next ?? 0;
        foreach (ListedPage page in listing.Pages)
        {
            response.Slots.Add(page.Slot.Value);
            response.Generations.Add(page.Generation.Value);
            response.PageChecksums.Add(page.PageChecksum ?? 0);
            response.HasChecksum.Add(page.PageChecksum is not null);
            response.IsEvicted.Add(page.IsEvicted);
        }

        return Task.FromResult(response);
    }

    private CallRefusal? Check(string tenantName, uint area, ServerCallContext context, out Tenant tenant) =>
        _check.CheckArea(access.CallerOf(context), tenantName, area, out tenant);

    private static CallRefusal NoMoreAreas(Tenant tenant)
    {
        QuotaRefusal refusal = new(
            QuotaKind.Areas,
            tenant.Quotas.Quotas.Areas,
            AreaOwners.CountOwned(tenant),
            Asked: 1,
            RetryAfter: TimeSpan.Zero);
        return CallRefusal.OverQuota(tenant.Name, in refusal);
    }

    private static CallRefusal? CheckAttach(
        AttachRequest request, out SessionToken token, out SessionToken attempt)
    {
        token = default;
        attempt = default;
        bool resumes = request.Mode == V1.AttachMode.Resume;
        if (OutcomeTable.Of(request.Mode) == Store.AttachMode.None)
        {
            return CallRefusal.Invalid("mode", $"is {(int)request.Mode}; it must be EXCLUSIVE, TAKE_OVER or RESUME");
        }

        if (request.Holder.Length > MaxHolderLength || request.Holder.Any(char.IsControl))
        {
            return CallRefusal.Invalid(
                "holder",
                $"has {request.Holder.Length} characters; at most {MaxHolderLength} are allowed, and no control ones");
        }

        if (!SessionToken.TryRead(request.SessionToken.Span, out token))
        {
            return CallRefusal.Invalid(
                "session_token", $"has {request.SessionToken.Length} bytes; it must have {SessionToken.Bytes}");
        }

        if (resumes && !SessionToken.TryRead(request.Attempt.Span, out attempt))
        {
            return CallRefusal.Invalid(
                "attempt", $"has {request.Attempt.Length} bytes; it must have {SessionToken.Bytes}");
        }

        return resumes && request.DiscardPages
            ? CallRefusal.Invalid("discard_pages", "is true; a session that is resumed keeps its pages")
            : null;
    }

    private AttachResponse ToWire(in AttachResult result, Tenant tenant) =>
        new()
        {
            Outcome = OutcomeTable.ToWire(result.Outcome),
            AttachEpoch = result.Epoch.Value,
            Incarnation = store.Incarnation.Value,
            NewestGeneration = result.Newest.Value,
            HasLostPages = result.HasLostPages,
            LeaseMs = (ulong)store.Options.Lease.TotalMilliseconds,
            AbandonedMs = (ulong)store.Options.AbandonedFor.TotalMilliseconds,
            AreaSlots = (ulong)tenant.Options.AreaSlots,
            Holder = result.Holder,
            HolderSilentMs = (ulong)result.HolderSilentFor.TotalMilliseconds,
            Ephemeral = tenant.Options.Retention == Retention.Ephemeral,
        };
}
