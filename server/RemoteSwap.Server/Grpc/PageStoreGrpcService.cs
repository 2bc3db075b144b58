using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.Codec;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc;

/// <summary>
/// Translates between the wire and the store, and does nothing else: check the request, fill a batch, call the store,
/// put outcomes into columns.
/// </summary>
internal sealed class PageStoreGrpcService(PageStore store, ServerMeter meter) : PageStoreService.PageStoreServiceBase
{
    private const int MaxReplyPages = StoreBatch.MaxPages;
    private const uint MaxTargetFrames = 1 << 20;
    private const uint MaxRetries = 1024;

    private static readonly BatchPool<StoreBatch> s_storeBatches = new();
    private static readonly BatchPool<LoadBatch> s_loadBatches = new();
    private static readonly byte[] s_pingBytes = new byte[MaxReplyPages * PageSize.Bytes];

    private readonly RequestCheck _check = new(store);

    /// <inheritdoc/>
    public override Task<StoreResponse> Store(StoreRequest request, ServerCallContext context)
    {
        using CallTiming timing = meter.BeginStore(request.Slots.Count);
        StoreResponse response = new();
        StoreBatch batch = s_storeBatches.Rent();
        CallRefusal? refusal = _check.CheckArea(request.Tenant, request.Area, request.AttachEpoch, out Tenant tenant)
            ?? RequestCheck.Fill(request, tenant, batch);
        if (refusal is null)
        {
            store.Store(tenant, batch);
            response.Outcomes.Capacity = batch.Count;
            foreach (Store.StoreOutcome outcome in batch.Outcomes.AsSpan(0, batch.Count))
            {
                response.Outcomes.Add(OutcomeTable.ToWire(outcome));
            }

            response.UsagePermille = (uint)tenant.UsagePermille;
        }

        batch.Zpages = default;
        s_storeBatches.Return(batch);
        return End(response, refusal, context);
    }

    /// <inheritdoc/>
    public override async Task<LoadResponse> Load(LoadRequest request, ServerCallContext context)
    {
        using CallTiming timing = meter.BeginLoad(request.Slots.Count);
        LoadResponse response = new();
        LoadBatch batch = s_loadBatches.Rent();
        CallRefusal? refusal = _check.CheckArea(request.Tenant, request.Area, request.AttachEpoch, out Tenant tenant)
            ?? RequestCheck.Fill(request, tenant, batch);
        if (refusal is null)
        {
            await store.LoadAsync(tenant, batch);
            FillResponse(response, batch);
        }

        // The reply refers to the batch's bytes until it is written.
        context.GetHttpContext().Response.OnCompleted(ReturnAsync, batch);
        return await End(response, refusal, context);
    }

    /// <inheritdoc/>
    public override Task<InvalidateResponse> Invalidate(InvalidateRequest request, ServerCallContext context)
    {
        using CallTiming timing = meter.BeginInvalidate(request.Slots.Count);
        InvalidateResponse response = new();
        CallRefusal? refusal = _check.CheckArea(request.Tenant, request.Area, request.AttachEpoch, out Tenant tenant)
            ?? RequestCheck.Check(request, tenant);
        if (refusal is not null)
        {
            return End(response, refusal, context);
        }

        AreaId area = new(request.Area);
        for (int page = 0; page < request.Slots.Count; page++)
        {
            Generation generation = new(request.Generations.Count == 0 ? 0 : request.Generations[page]);
            response.Outcomes.Add(OutcomeTable.ToWire(
                store.Invalidate(tenant, area, new Slot(request.Slots[page]), generation, request.AcknowledgeLoad)));
        }

        Generation rangesGeneration = new(request.RangesGeneration);
        foreach ((ulong first, ulong count) in MergedRanges.Of(request.Ranges))
        {
            long? gone = store.InvalidateRange(
                tenant, area, new Slot(first), count, rangesGeneration, context.CancellationToken);
            if (gone is null)
            {
                return End(response, Broken(tenant), context);
            }

            response.RangePages += (ulong)gone;
        }

        return End(response, null, context);
    }

    /// <inheritdoc/>
    public override Task<InvalidateAreaResponse> InvalidateArea(
        InvalidateAreaRequest request, ServerCallContext context)
    {
        InvalidateAreaResponse response = new();
        CallRefusal? refusal = _check.CheckArea(request.Tenant, request.Area, request.AttachEpoch, out Tenant tenant)
            ?? RequestCheck.CheckGeneration("generation", request.Generation);
        if (refusal is null)
        {
            long? gone = store.InvalidateArea(tenant, new AreaId(request.Area), new Generation(request.Generation));
            response.Pages = (ulong)(gone ?? 0);
            refusal = gone is null ? Broken(tenant) : null;
        }

        return End(response, refusal, context);
    }

    /// <inheritdoc/>
    public override async Task<ReclaimResponse> Reclaim(ReclaimRequest request, ServerCallContext context)
    {
        ReclaimResponse response = new();
        CallRefusal? refusal = _check.CheckTenant(request.Tenant, out Tenant tenant)
            ?? CheckBound("target_frames", request.TargetFrames, 1, MaxTargetFrames)
            ?? CheckBound("retries", request.Retries, 0, MaxRetries);
        if (refusal is null)
        {
            ReclaimResult result = await store.ReclaimAsync(tenant, (int)request.TargetFrames, (int)request.Retries);
            response.Outcome = OutcomeTable.ToWire(result.Outcome);
            response.FramesFreed = (uint)result.FramesFreed;
            response.PagesWrittenBack = (ulong)result.PagesWrittenBack;
            response.Detail = result.Detail;
        }

        return await End(response, refusal, context);
    }

    /// <inheritdoc/>
    public override Task<PingResponse> Ping(PingRequest request, ServerCallContext context)
    {
        PingResponse response = new();
        CallRefusal? refusal = CheckBound("slots (how many)", (uint)request.Slots.Count, 0, MaxReplyPages)
            ?? CheckBound("reply_pages", request.ReplyPages, 0, MaxReplyPages)
            ?? CheckBound("reply_page_bytes", request.ReplyPageBytes, 0, PageSize.Bytes);
        if (refusal is null)
        {
            int pages = (int)request.ReplyPages;
            int pageBytes = (int)request.ReplyPageBytes;
            for (int page = 0; page < Math.Max(pages, request.Slots.Count); page++)
            {
                response.Outcomes.Add(V1.LoadOutcome.Loaded);
            }

            for (int page = 0; page < pages; page++)
            {
                AddColumns(response, (ulong)page, (uint)pageBytes);
            }

            response.Zpages = UnsafeByteOperations.UnsafeWrap(s_pingBytes.AsMemory(0, pages * pageBytes));
        }

        return End(response, refusal, context);
    }

    private static void AddColumns(PingResponse response, ulong generation, uint bytes)
    {
        response.Generations.Add(generation);
        response.Sizes.Add(bytes);
        response.Encodings.Add(Encoding.Lz4);
        response.ZpageChecksums.Add(0);
        response.PageChecksums.Add(0);
    }

    private static void FillResponse(LoadResponse response, LoadBatch batch)
    {
        response.Outcomes.Capacity = batch.Count;
        response.Generations.Capacity = batch.Count;
        response.Sizes.Capacity = batch.Count;
        response.Encodings.Capacity = batch.Count;
        response.ZpageChecksums.Capacity = batch.Count;
        response.PageChecksums.Capacity = batch.Count;
        for (int page = 0; page < batch.Count; page++)
        {
            ref readonly LoadedPage found = ref batch.Pages[page];
            response.Outcomes.Add(OutcomeTable.ToWire(batch.Outcomes[page]));
            response.Generations.Add(found.Generation.Value);
            response.Sizes.Add((uint)found.Length);
            response.Encodings.Add((Encoding)found.Encoding);
            response.ZpageChecksums.Add(found.ZpageChecksum);
            response.PageChecksums.Add(found.PageChecksum);
        }

        response.Zpages = UnsafeByteOperations.UnsafeWrap(batch.Zpages);
    }

    private static Task ReturnAsync(object batch)
    {
        s_loadBatches.Return((LoadBatch)batch);
        return Task.CompletedTask;
    }

    private static CallRefusal? CheckBound(string field, uint value, uint least, uint most) =>
        value < least || value > most ? CallRefusal.Invalid(field, $"is {value}; it must be {least} to {most}") : null;

    private static CallRefusal Broken(Tenant tenant) => new(
        StatusCode.Internal, "tenant", $"'{tenant.Name}' failed an internal check and is not served: {tenant.Poison}");

    private static Task<TResponse> End<TResponse>(TResponse response, CallRefusal? refusal, ServerCallContext context)
    {
        refusal?.End(context);
        return Task.FromResult(response);
    }
}
