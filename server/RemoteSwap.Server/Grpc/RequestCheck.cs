using Google.Protobuf.Collections;
using RemoteSwap.Codec;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc;

/// <summary>
/// Everything that a peer can get wrong, checked in one place before any work: tenant, area, epoch, counts, column
/// lengths, ranges, sizes, encodings, checksums, LZ4 structure. The first fault is the refusal; nothing has changed
/// then.
/// </summary>
internal sealed class RequestCheck(PageStore store)
{
    /// <summary>Ranges in one Invalidate.</summary>
    public const int MaxRanges = 512;

    private const string NoEpoch = "this server attaches no clients; it must be 0";

    /// <summary>Checks whose pages a call is about.</summary>
    public CallRefusal? CheckArea(string tenantName, uint area, ulong epoch, out Tenant tenant)
    {
        if (CheckTenant(tenantName, out tenant) is { } refusal)
        {
            return refusal;
        }

        if (area >= (uint)tenant.Options.Areas)
        {
            return CallRefusal.NotFound(
                "area", $"is {area}; tenant '{tenantName}' has areas 0 to {tenant.Options.Areas - 1}");
        }

        return epoch == 0 ? null : CallRefusal.Invalid("attach_epoch", $"is {epoch}; {NoEpoch}");
    }

    /// <summary>Finds a tenant.</summary>
    public CallRefusal? CheckTenant(string tenantName, out Tenant tenant)
    {
        bool found = store.TryGetTenant(tenantName, out Tenant? present);
        tenant = present!;
        return found
            ? null
            : CallRefusal.NotFound("tenant", $"'{Shorten(tenantName)}' is not configured on this server");
    }

    /// <summary>Checks a Store and fills a batch with it.</summary>
    public static CallRefusal? Fill(StoreRequest request, Tenant tenant, StoreBatch batch)
    {
        int pages = request.Slots.Count;
        CallRefusal? refusal = CheckSlots(request.Slots, tenant)
            ?? CheckColumn("generations", request.Generations.Count, pages, mayBeEmpty: true)
            ?? CheckColumn("sizes", request.Sizes.Count, pages)
            ?? CheckColumn("encodings", request.Encodings.Count, pages)
            ?? CheckColumn("zpage_checksums", request.ZpageChecksums.Count, pages)
            ?? CheckColumn("page_checksums", request.PageChecksums.Count, pages, mayBeEmpty: true)
            ?? CheckGenerations(request.Generations);
        if (refusal is not null)
        {
            return refusal;
        }

        batch.Area = new AreaId(request.Area);
        batch.Count = pages;
        batch.AllOrNothing = request.AllOrNothing;
        batch.Encode = request.Encode;
        batch.Zpages = request.Zpages.Memory;
        request.Slots.CopyTo(batch.Slots, 0);
        CopyOrClear(request.Generations, batch.Generations, pages);
        CopyOrClear(request.PageChecksums, batch.PageChecksums, pages);
        request.ZpageChecksums.CopyTo(batch.ZpageChecksums, 0);
        return FillZpages(request, batch);
    }

    /// <summary>Checks the slots of a Load and fills a batch with them.</summary>
    public static CallRefusal? Fill(LoadRequest request, Tenant tenant, LoadBatch batch)
    {
        if (CheckSlots(request.Slots, tenant) is { } refusal)
        {
            return refusal;
        }

        batch.Area = new AreaId(request.Area);
        batch.Count = request.Slots.Count;
        batch.Exclusive = request.Exclusive;
        request.Slots.CopyTo(batch.Slots, 0);
        return null;
    }

    /// <summary>Checks an Invalidate.</summary>
    public static CallRefusal? Check(InvalidateRequest request, Tenant tenant)
    {
        int slots = request.Slots.Count;
        if (slots == 0 && request.Ranges.Count == 0)
        {
            return CallRefusal.Invalid("slots", "is empty and so is ranges; at least one of them must name slots");
        }

        if (request.Ranges.Count > MaxRanges)
        {
            return CallRefusal.Invalid(
                "ranges", $"has {request.Ranges.Count} elements; at most {MaxRanges} are allowed");
        }

        bool acknowledges = request.AcknowledgeLoad;
        return (slots == 0 ? null : CheckSlots(request.Slots, tenant))
            ?? CheckColumn("generations", request.Generations.Count, slots, mayBeEmpty: !acknowledges)
            ?? CheckGenerations(request.Generations)
            ?? (acknowledges && request.Ranges.Count > 0
                ? CallRefusal.Invalid("ranges", "is not empty; acknowledge_load names slots one by one")
                : null)
            ?? CheckGeneration("ranges_generation", request.RangesGeneration)
            ?? CheckRanges(request.Ranges, tenant);
    }

    /// <summary>Checks a generation that may be absent.</summary>
    public static CallRefusal? CheckGeneration(string field, ulong generation) =>
        generation <= Generation.MaxValue
            ? null
            : CallRefusal.Invalid(field, $"is {generation}; at most 2^56 - 1 is allowed");

    private static CallRefusal? FillZpages(StoreRequest request, StoreBatch batch)
    {
        ReadOnlySpan<byte> zpages = batch.Zpages.Span;
        int offset = 0;
        for (int page = 0; page < batch.Count; page++)
        {
            uint size = request.Sizes[page];
            if (size is 0 or > PageSize.Bytes)
            {
                return CallRefusal.Invalid($"sizes[{page}]", $"is {size}; it must be 1 to {PageSize.Bytes}");
            }

            if (size > zpages.Length - offset)
            {
                return CallRefusal.Invalid(
                    $"sizes[{page}]", $"is {size}; zpages has only {zpages.Length - offset} bytes left");
            }

            ZpageEncoding encoding = (ZpageEncoding)Math.Clamp((int)request.Encodings[page], 0, byte.MaxValue);
            ZpageFault fault = PageCodec.Check(encoding, zpages.Slice(offset, (int)size), batch.ZpageChecksums[page]);
            if (fault != ZpageFault.None)
            {
                return Explain(fault, request, page, size);
            }

            batch.Encodings[page] = encoding;
            batch.Sizes[page] = (int)size;
            offset += (int)size;
        }

        return offset == zpages.Length
            ? null
            : CallRefusal.Invalid("zpages", $"has {zpages.Length} bytes; sizes add up to {offset}");
    }

    private static CallRefusal Explain(ZpageFault fault, StoreRequest request, int page, uint size) => fault switch
    {
        ZpageFault.UnknownEncoding => CallRefusal.Invalid(
            $"encodings[{page}]", $"is {(int)request.Encodings[page]}; LZ4 (1), RAW (2) and FILL (3) are known"),
        ZpageFault.WrongLength => CallRefusal.Invalid(
            $"sizes[{page}]",
            $"is {size}, which {request.Encodings[page]} cannot have: LZ4 1 to 4096, RAW 4096, FILL 8"),
        ZpageFault.WrongZpageChecksum => CallRefusal.Invalid(
            $"zpage_checksums[{page}]",
            $"is {request.ZpageChecksums[page]:x8}, which is not the CRC-32 of the {size} bytes that came"),
        _ => CallRefusal.Invalid(
            $"zpages[{page}]",
            $"is no LZ4 block that decodes to {PageSize.Bytes} bytes ({size} bytes, slot {request.Slots[page]})"),
    };

    private static CallRefusal? CheckSlots(RepeatedField<ulong> slots, Tenant tenant)
    {
        if (slots.Count is 0 or > StoreBatch.MaxPages)
        {
            return CallRefusal.Invalid("slots", $"has {slots.Count} elements; 1 to {StoreBatch.MaxPages} are allowed");
        }

        ulong limit = (ulong)tenant.Options.AreaSlots;
        for (int page = 0; page < slots.Count; page++)
        {
            if (slots[page] >= limit)
            {
                return CallRefusal.OutOfRange(
                    $"slots[{page}]", $"is {slots[page]}; the area has slots 0 to {limit - 1}");
            }
        }

        return null;
    }

    private static CallRefusal? CheckRanges(RepeatedField<SlotRange> ranges, Tenant tenant)
    {
        ulong limit = (ulong)tenant.Options.AreaSlots;
        for (int range = 0; range < ranges.Count; range++)
        {
            SlotRange slots = ranges[range];
            if (slots.Count == 0 || slots.First >= limit || slots.Count > limit - slots.First)
            {
                return CallRefusal.OutOfRange(
                    $"ranges[{range}]",
                    $"is {slots.Count} slots from {slots.First}; the area has slots 0 to {limit - 1}");
            }
        }

        return null;
    }

    private static CallRefusal? CheckGenerations(RepeatedField<ulong> generations)
    {
        for (int page = 0; page < generations.Count; page++)
        {
            if (generations[page] is 0 or > Generation.MaxValue)
            {
                return CallRefusal.Invalid($"generations[{page}]", $"is {generations[page]}; it must be 1 to 2^56 - 1");
            }
        }

        return null;
    }

    private static CallRefusal? CheckColumn(string field, int count, int pages, bool mayBeEmpty = false) =>
        count == pages || (mayBeEmpty && count == 0)
            ? null
            : CallRefusal.Invalid(field, $"has {count} elements; slots has {pages}");

    private static void CopyOrClear<T>(RepeatedField<T> column, T[] batch, int pages)
    {
        if (column.Count == 0)
        {
            Array.Clear(batch, 0, pages);
        }
        else
        {
            column.CopyTo(batch, 0);
        }
    }

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "...";
}
