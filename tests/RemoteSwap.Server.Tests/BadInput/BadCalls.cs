using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.BadInput;

/// <summary>Calls but Stores, with one thing wrong in each.</summary>
internal static class BadCalls
{
    private const ulong AreaSlots = 1UL << 28;

    public static IEnumerable<BadCall> All =>
    [
        .. Loads(), .. Invalidations(), .. Acknowledgements(), .. Ranges(), .. Areas(), .. AreaGenerations(),
        .. Reclaims(), .. Pings(), .. Admin(),
    ];

    private static IEnumerable<BadCall> Loads() =>
    [
        Load("load of no slots", StatusCode.InvalidArgument, "slots", "0 elements", r => r.Slots.Clear()),
        Load("load of 513 slots", StatusCode.InvalidArgument, "slots", "513", r => r.Slots.AddRange(Batch.Slots(510))),
        Load("load behind the area", StatusCode.OutOfRange, "slots[2]", $"{AreaSlots}", r => r.Slots[2] = AreaSlots),
        Load("load of slot 2^64 - 1", StatusCode.OutOfRange, "slots[0]", $"{ulong.MaxValue}", r =>
            r.Slots[0] = ulong.MaxValue),
        Load("load of an unknown tenant", StatusCode.NotFound, "tenant", "'vm-x'", r => r.Tenant = "vm-x"),
        Load("load whose message is too long", StatusCode.ResourceExhausted, "message", "65536", r =>
            r.Tenant = new string('x', 1 << 16)),
        Load("load of an unknown area", StatusCode.NotFound, "area", "1024", r => r.Area = 1024),
        Load("exclusive load behind the area", StatusCode.OutOfRange, "slots[2]", $"{AreaSlots}", r =>
        {
            r.Slots[2] = AreaSlots;
            r.Exclusive = true;
        }),
    ];

    private static IEnumerable<BadCall> Invalidations() =>
    [
        Forget("invalidation of nothing", "slots", "empty", r => r.Slots.Clear()),
        Forget("invalidation of 513 slots", "slots", "513", r => r.Slots.AddRange(Batch.Slots(510))),
        Forget("invalidation with too few generations", "generations", "2 elements", r =>
            r.Generations.AddRange([9, 9])),
        Forget("invalidation with too many generations", "generations", "4 elements", r =>
            r.Generations.AddRange([9, 9, 9, 9])),
        Forget("invalidation at generation 0", "generations[1]", "0", r => r.Generations.AddRange([9, 0, 9])),
        Forget("invalidation at generation 2^56", "generations[2]", $"{1UL << 56}", r =>
            r.Generations.AddRange([9, 9, 1UL << 56])),
        Forget("ranges with generations but no slots", "generations", "1 elements", r =>
        {
            r.Slots.Clear();
            r.Generations.Add(9);
            r.Ranges.Add(Range(0, 1));
        }),
        Invalidate("invalidation behind the area", StatusCode.OutOfRange, "slots[0]", $"{AreaSlots}", r =>
            r.Slots[0] = AreaSlots),
        Invalidate("invalidation of an unknown tenant", StatusCode.NotFound, "tenant", "'vm-x'", r =>
            r.Tenant = "vm-x"),
        Invalidate("invalidation of an unknown area", StatusCode.NotFound, "area", "4096", r => r.Area = 4096),
    ];

    private static IEnumerable<BadCall> Acknowledgements() =>
    [
        Forget("acknowledgement without generations", "generations", "0 elements", r => r.AcknowledgeLoad = true),
        Forget("acknowledgement with ranges", "ranges", "acknowledge_load", r =>
        {
            r.AcknowledgeLoad = true;
            r.Generations.AddRange([5, 5, 5]);
            r.Ranges.Add(Range(0, 1));
        }),
        Forget("acknowledgement of ranges alone", "ranges", "acknowledge_load", r =>
        {
            r.AcknowledgeLoad = true;
            r.Slots.Clear();
            r.Ranges.Add(Range(0, 1));
        }),
    ];

    private static IEnumerable<BadCall> Ranges() =>
    [
        Forget("513 ranges", "ranges", "513", r => r.Ranges.AddRange(Enumerable.Repeat(Range(0, 1), 513))),
        Forget("ranges at generation 2^56", "ranges_generation", $"{1UL << 56}", r =>
        {
            r.Ranges.Add(Range(0, 1));
            r.RangesGeneration = Generation.MaxValue + 1;
        }),
        BadRange("range of no slots", "0 slots from 10", 10, 0),
        BadRange("range that starts behind the area", $"from {AreaSlots}", AreaSlots, 1),
        BadRange("range that ends behind the area", $"{AreaSlots} slots from 1", 1, AreaSlots),
        BadRange("range whose end wraps round", $"{ulong.MaxValue} slots from 10", 10, ulong.MaxValue),
        BadRange(
            "range whose end wraps round to 0", $"from {AreaSlots - 1}", AreaSlots - 1, ulong.MaxValue - AreaSlots + 2),
        BadRange("range that starts at 2^64 - 1", $"from {ulong.MaxValue}", ulong.MaxValue, 2),
        Invalidate("second range wrong, the first right", StatusCode.OutOfRange, "ranges[1]", "0 slots", r =>
        {
            r.Ranges.Add(Range(0, 100));
            r.Ranges.Add(Range(0, 0));
        }),
    ];

    private static IEnumerable<BadCall> Areas() =>
    [
        new("area of an unknown tenant", StatusCode.NotFound, "tenant", "'vm-x'", s =>
            s.Pages.InvalidateAreaAsync(new InvalidateAreaRequest { Tenant = "vm-x" }).ResponseAsync),
        new("unknown area to empty", StatusCode.NotFound, "area", "1024", s =>
            s.Pages.InvalidateAreaAsync(
                new InvalidateAreaRequest { Tenant = TestServer.TenantA, Area = 1024 }).ResponseAsync),
    ];

    private static IEnumerable<BadCall> AreaGenerations() =>
    [
        new("area to empty at generation 2^56", StatusCode.InvalidArgument, "generation", $"{1UL << 56}", s =>
            s.Pages.InvalidateAreaAsync(
                new InvalidateAreaRequest { Tenant = TestServer.TenantA, Generation = 1UL << 56 }).ResponseAsync),
    ];

    private static IEnumerable<BadCall> Reclaims() =>
    [
        Reclaim("reclaim of no frames", StatusCode.InvalidArgument, "target_frames", "0", r => r.TargetFrames = 0),
        Reclaim("reclaim of 2^20 + 1 frames", StatusCode.InvalidArgument, "target_frames", "1048577", r =>
            r.TargetFrames = 1_048_577),
        Reclaim("reclaim with 1,025 retries", StatusCode.InvalidArgument, "retries", "1025", r => r.Retries = 1025),
        Reclaim("reclaim of an unknown tenant", StatusCode.NotFound, "tenant", "'vm-x'", r => r.Tenant = "vm-x"),
    ];

    private static IEnumerable<BadCall> Pings() =>
    [
        new("ping with 513 slots", StatusCode.InvalidArgument, "slots (how many)", "513", s =>
            s.Pages.PingAsync(new PingRequest { Slots = { Batch.Slots(513) } }).ResponseAsync),
        new("ping for 513 pages", StatusCode.InvalidArgument, "reply_pages", "513", s =>
            s.Pages.PingAsync(new PingRequest { ReplyPages = 513 }).ResponseAsync),
        new("ping for pages of 4,097 bytes", StatusCode.InvalidArgument, "reply_page_bytes", "4097", s =>
            s.Pages.PingAsync(new PingRequest { ReplyPages = 1, ReplyPageBytes = 4097 }).ResponseAsync),
    ];

    private static IEnumerable<BadCall> Admin() =>
    [
        new("statistics of an unknown tenant", StatusCode.NotFound, "tenant", "'vm-x'", s =>
            s.Admin.GetTenantAsync(new GetTenantRequest { Tenant = "vm-x" }).ResponseAsync),
        new("audit of an unknown tenant", StatusCode.NotFound, "tenant", "'vm-x'", s =>
            s.Admin.CheckInvariantsAsync(new CheckInvariantsRequest { Tenant = "vm-x" }).ResponseAsync),
        Limits("limits of an unknown tenant", StatusCode.NotFound, "tenant", "'vm-x'", r => r.Tenant = "vm-x"),
        Limits("limit of 1 byte", StatusCode.InvalidArgument, "limit_bytes", "1;", r => r.LimitBytes = 1),
        Limits("limit of 2^64 - 1", StatusCode.InvalidArgument, "limit_bytes", $"{ulong.MaxValue}", r =>
            r.LimitBytes = ulong.MaxValue),
        Limits("threshold 0", StatusCode.InvalidArgument, "accept_threshold_percent", "0", r =>
            r.AcceptThresholdPercent = 0),
        Limits("threshold 101", StatusCode.InvalidArgument, "accept_threshold_percent", "101", r =>
            r.AcceptThresholdPercent = 101),
        Limits("right limit, wrong threshold", StatusCode.InvalidArgument, "accept_threshold_percent", "4294967295",
            r =>
        {
            r.LimitBytes = 1 << 20;
            r.Enabled = false;
            r.AcceptThresholdPercent = uint.MaxValue;
        }),
        Compact("compaction of nothing", StatusCode.InvalidArgument, "max_frames", "0", r => r.MaxFrames = 0),
        Compact("compaction of 2^32 - 1", StatusCode.InvalidArgument, "max_frames", "4294967295", r =>
            r.MaxFrames = uint.MaxValue),
        Compact("compaction of an unknown tenant", StatusCode.NotFound, "tenant", "'vm-x'", r => r.Tenant = "vm-x"),
    ];

    private static SlotRange Range(ulong first, ulong count) => new() { First = first, Count = count };

    private static BadCall BadRange(string name, string value, ulong first, ulong count) =>
        Invalidate(name, StatusCode.OutOfRange, "ranges[0]", value, r => r.Ranges.Add(Range(first, count)));

    private static BadCall Forget(string name, string field, string value, Action<InvalidateRequest> spoil) =>
        Invalidate(name, StatusCode.InvalidArgument, field, value, spoil);

    private static BadCall Load(string name, StatusCode code, string field, string value, Action<LoadRequest> spoil) =>
        new(name, code, field, value, s =>
            s.Pages.LoadAsync(Spoil(Batch.Load(BadInputTests.KeptSlots), spoil)).ResponseAsync);

    private static BadCall Invalidate(
        string name, StatusCode code, string field, string value, Action<InvalidateRequest> spoil) =>
        new(name, code, field, value, s =>
            s.Pages.InvalidateAsync(Spoil(Batch.Invalidate(BadInputTests.KeptSlots), spoil)).ResponseAsync);

    private static BadCall Reclaim(
        string name, StatusCode code, string field, string value, Action<ReclaimRequest> spoil)
    {
        ReclaimRequest right = new() { Tenant = TestServer.TenantA, TargetFrames = 1, Retries = 8 };
        return new BadCall(name, code, field, value, s => s.Pages.ReclaimAsync(Spoil(right, spoil)).ResponseAsync);
    }

    private static BadCall Limits(
        string name, StatusCode code, string field, string value, Action<SetTenantLimitsRequest> spoil)
    {
        SetTenantLimitsRequest right = new() { Tenant = TestServer.TenantA };
        return new BadCall(
            name, code, field, value, s => s.Admin.SetTenantLimitsAsync(Spoil(right, spoil)).ResponseAsync);
    }

    private static BadCall Compact(
        string name, StatusCode code, string field, string value, Action<CompactRequest> spoil)
    {
        CompactRequest right = new() { Tenant = TestServer.TenantA, MaxFrames = 10 };
        return new BadCall(name, code, field, value, s => s.Admin.CompactAsync(Spoil(right, spoil)).ResponseAsync);
    }

    private static T Spoil<T>(T request, Action<T> spoil)
        where T : IMessage<T>
    {
        spoil(request);
        return request;
    }
}
