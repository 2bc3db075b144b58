using CsCheck;
using Google.Protobuf;
using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.BadInput;

/// <summary>Requests of every type with columns of any length and any content, often nearly right.</summary>
internal static class RandomMessages
{
    private static readonly Gen<string> s_tenant = Gen.Frequency(
        (8, Gen.Const(TestServer.TenantA)), (1, Gen.Const("")), (1, Gen.String[0, 100]));

    private static readonly Gen<uint> s_area = Gen.Frequency((8, Gen.UInt[0, 3]), (1, Gen.UInt));
    private static readonly Gen<ulong> s_epoch = Gen.Frequency((12, Gen.Const(0UL)), (1, Gen.ULong));
    private static readonly Gen<ulong> s_slot =
        Gen.Frequency((9, Gen.ULong[0, 40]), (1, Gen.ULong[(1UL << 28) - 3, 1UL << 28]), (1, Gen.ULong));
    private static readonly Gen<ulong> s_generation = Gen.Frequency((9, Gen.ULong[1, 30]), (1, Gen.ULong));
    private static readonly Gen<int> s_length =
        Gen.Frequency((6, Gen.Const(3)), (3, Gen.Int[0, 5]), (1, Gen.Int[510, 514]));
    private static readonly Gen<bool> s_bool = Gen.Bool;

    /// <summary>Any Store: mostly refused.</summary>
    public static Gen<StoreRequest> Stores { get; } = Gen.Select(
        Gen.Select(s_tenant, s_area, s_epoch),
        Gen.Select(Column(s_slot), Column(s_generation), Column(Gen.UInt[0, 40]), Column(Gen.Int[-1, 5])),
        Gen.Select(Column(Gen.UInt), Column(Gen.UInt), Gen.Byte.Array[0, 200]),
        Gen.Select(s_bool, s_bool),
        (who, columns, rest, flags) => new StoreRequest
        {
            Tenant = who.Item1,
            Area = who.Item2,
            AttachEpoch = who.Item3,
            Slots = { columns.Item1 },
            Generations = { columns.Item2 },
            Sizes = { columns.Item3 },
            Encodings = { columns.Item4.Select(number => (Encoding)number) },
            ZpageChecksums = { rest.Item1 },
            PageChecksums = { rest.Item2 },
            Zpages = ByteString.CopyFrom(rest.Item3),
            AllOrNothing = flags.Item1,
            Encode = flags.Item2,
        });

    /// <summary>
    /// Stores whose columns and checksums are right and whose zpages are any bytes: the block check is on its own.
    /// </summary>
    public static Gen<StoreRequest> Zpages { get; } = Gen.Select(
        s_slot,
        s_generation,
        Gen.Int[1, 3],
        Gen.OneOf(Gen.Byte.Array[1, 80], Gen.Byte.Array[8], Gen.Byte.Array[4095, 4097]),
        s_bool,
        (slot, generation, encoding, zpage, encode) => new StoreRequest
        {
            Tenant = TestServer.TenantA,
            Slots = { slot },
            Generations = { generation },
            Sizes = { (uint)zpage.Length },
            Encodings = { (Encoding)encoding },
            ZpageChecksums = { PageChecksum.OfZpage(zpage) },
            Zpages = ByteString.CopyFrom(zpage),
            Encode = encode,
        });

    public static Gen<LoadRequest> Loads { get; } = Gen.Select(
        s_tenant, s_area, s_epoch, Column(s_slot), s_bool,
        (tenant, area, epoch, slots, exclusive) => new LoadRequest
        {
            Tenant = tenant,
            Area = area,
            AttachEpoch = epoch,
            Slots = { slots },
            Exclusive = exclusive,
        });

    public static Gen<InvalidateRequest> Invalidations { get; } = Gen.Select(
        Gen.Select(s_tenant, s_area, s_epoch),
        Gen.Select(Column(s_slot), Column(s_generation)),
        Gen.Select(s_slot, Gen.Frequency((3, Gen.ULong[0, 50]), (1, Gen.ULong))).Array[0, 3],
        Gen.Frequency((5, Gen.ULong[0, 30]), (1, Gen.ULong)),
        s_bool,
        (who, columns, ranges, generation, acknowledge) => new InvalidateRequest
        {
            Tenant = who.Item1,
            Area = who.Item2,
            AttachEpoch = who.Item3,
            Slots = { columns.Item1 },
            Generations = { columns.Item2 },
            Ranges = { ranges.Select(range => new SlotRange { First = range.Item1, Count = range.Item2 }) },
            RangesGeneration = generation,
            AcknowledgeLoad = acknowledge,
        });

    public static Gen<InvalidateAreaRequest> Areas { get; } = Gen.Select(
        s_tenant, s_area, s_epoch,
        (tenant, area, epoch) => new InvalidateAreaRequest { Tenant = tenant, Area = area, AttachEpoch = epoch });

    public static Gen<ReclaimRequest> Reclaims { get; } = Gen.Select(
        s_tenant, Gen.OneOf(Gen.UInt[0, 4], Gen.UInt), Gen.OneOf(Gen.UInt[0, 4], Gen.UInt),
        (tenant, target, retries) => new ReclaimRequest { Tenant = tenant, TargetFrames = target, Retries = retries });

    public static Gen<PingRequest> Pings { get; } = Gen.Select(
        Column(Gen.ULong),
        Column(Gen.Int),
        Gen.Byte.Array[0, 300],
        Gen.OneOf(Gen.UInt[0, 520], Gen.UInt),
        Gen.OneOf(Gen.UInt[0, 4100], Gen.UInt),
        (slots, encodings, zpages, pages, bytes) => new PingRequest
        {
            Slots = { slots },
            Encodings = { encodings.Select(number => (Encoding)number) },
            Zpages = ByteString.CopyFrom(zpages),
            ReplyPages = pages,
            ReplyPageBytes = bytes,
        });

    /// <summary>Admin calls; limits stay large enough for the pages that the test keeps.</summary>
    public static Gen<IMessage> Admin { get; } = Gen.OneOf<IMessage>(
        s_tenant.Select<string, IMessage>(tenant => new GetTenantRequest { Tenant = tenant }),
        Gen.Select(s_tenant, s_bool).Select<(string, bool), IMessage>(
            r => new CheckInvariantsRequest { Tenant = r.Item1, Deep = r.Item2 }),
        Gen.Select(s_tenant, Gen.OneOf(Gen.UInt[0, 9], Gen.UInt))
            .Select<(string, uint), IMessage>(r => new CompactRequest { Tenant = r.Item1, MaxFrames = r.Item2 }),
        Gen.Select(s_tenant, Gen.ULong[16 << 20, ulong.MaxValue], Gen.UInt).Select<(string, ulong, uint), IMessage>(r =>
            new SetTenantLimitsRequest { Tenant = r.Item1, LimitBytes = r.Item2, AcceptThresholdPercent = r.Item3 }));

    private static Gen<T[]> Column<T>(Gen<T> element) => s_length.SelectMany(length => element.Array[length]);
}
