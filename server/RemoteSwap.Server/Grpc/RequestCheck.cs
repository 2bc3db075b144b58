using Google.Protobuf;
using Google.Protobuf.Collections;
using RemoteSwap.Server.Access;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc;

/// <summary>
/// Everything that a peer can get wrong, checked in one place before any work: tenant, area, counts, column
/// lengths, ranges. (Sizes, encodings, checksums and LZ4 structure of a Store: <see cref="Calls.StoreColumns"/>.) The
/// first fault is the refusal; nothing has changed then.
/// </summary>
internal sealed class RequestCheck(PageStore store, AccessPolicy access)
{
    /// <summary>Ranges in one Invalidate.</summary>
    public const int MaxRanges = 512;

    /// <summary>Checks whose pages a call is about.</summary>
    public CallRefusal? CheckArea(Caller caller, string tenantName, uint area, out Tenant tenant) =>
        CheckTenant(caller, tenantName, out tenant) ?? CheckArea(tenant, area);

    /// <summary>Checks that an area is one of a tenant's.</summary>
    public static CallRefusal? CheckArea(Tenant tenant, uint area) =>
        area < (uint)tenant.Options.Areas
            ? null
            : CallRefusal.NotFound(
                "area", $"is {area}; tenant '{tenant.Name}' has areas 0 to {tenant.Options.Areas - 1}");

    /// <summary>Checks which tenant a caller may name, see <see cref="AccessPolicy"/>.</summary>
    public CallRefusal? CheckCaller(Caller caller, ref ReadOnlySpan<byte> tenantName) =>
        access.CheckTenant(caller, ref tenantName);

    /// <summary>Finds the tenant that a caller names, if it may name it.</summary>
    public CallRefusal? CheckTenant(Caller caller, string tenantName, out Tenant tenant)
    {
        CallRefusal? denied = access.CheckTenant(caller, ref tenantName);
        tenant = null!;
        return denied ?? CheckTenant(tenantName, out tenant);
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
        return (slots == 0
                ? null
                : CheckSlots(UnsafeCollectionOperations.AsSpan(request.Slots), slots, tenant))
            ?? CheckColumn("generations", request.Generations.Count, slots, mayBeEmpty: !acknowledges)
            ?? CheckGenerations(UnsafeCollectionOperations.AsSpan(request.Generations))
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

    /// <summary>Checks the slots of a call.</summary>
    /// <param name="slots">Room with the slots in it.</param>
    /// <param name="count">How many came; more than the room holds are refused.</param>
    /// <param name="tenant">The tenant.</param>
    public static CallRefusal? CheckSlots(ReadOnlySpan<ulong> slots, int count, Tenant tenant)
    {
        if (count is 0 or > StoreBatch.MaxPages)
        {
            return CallRefusal.Invalid("slots", $"has {count} elements; 1 to {StoreBatch.MaxPages} are allowed");
        }

        ulong limit = (ulong)tenant.Options.AreaSlots;
        for (int page = 0; page < count; page++)
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

    /// <summary>Checks a column of generations.</summary>
    public static CallRefusal? CheckGenerations(ReadOnlySpan<ulong> generations)
    {
        for (int page = 0; page < generations.Length; page++)
        {
            if (generations[page] is 0 or > Generation.MaxValue)
            {
                return CallRefusal.Invalid($"generations[{page}]", $"is {generations[page]}; it must be 1 to 2^56 - 1");
            }
        }

        return null;
    }

    /// <summary>Checks that a column has as many elements as there are slots.</summary>
    public static CallRefusal? CheckColumn(string field, int count, int pages, bool mayBeEmpty = false) =>
        count == pages || (mayBeEmpty && count == 0)
            ? null
            : CallRefusal.Invalid(field, $"has {count} elements; slots has {pages}");

    /// <summary>Checks a number against its range.</summary>
    public static CallRefusal? CheckBound(string field, uint value, uint least, uint most) =>
        value < least || value > most ? CallRefusal.Invalid(field, $"is {value}; it must be {least} to {most}") : null;

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "...";
}
