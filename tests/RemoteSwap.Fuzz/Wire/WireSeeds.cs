using Google.Protobuf;
using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Fuzz.Wire;

/// <summary>Messages as a client and a server exchange them, made by the generated code.</summary>
internal static class WireSeeds
{
    /// <summary>Two pages, an LZ4 block and a fill.</summary>
    public static StoreRequest Store(bool encode = false)
    {
        byte[] page = new byte[PageSize.Bytes];
        for (int at = 0; at < page.Length; at++)
        {
            page[at] = (byte)(at / 50);
        }

        byte[] room = new byte[PageSize.Bytes];
        int bytes = new PageCodec(K4osBlockCodec.Instance).Encode(page, room, out _);
        byte[] block = encode ? page : room[..bytes];
        byte[] fill = [1, 2, 3, 4, 5, 6, 7, 8];
        return new StoreRequest
        {
            Tenant = FuzzServer.TenantName,
            Area = 1,
            Slots = { 5, 70_000 },
            Generations = { 1, 300 },
            Sizes = { (uint)block.Length, sizeof(ulong) },
            Encodings = { encode ? V1.Encoding.Raw : V1.Encoding.Lz4, V1.Encoding.Fill },
            ZpageChecksums = { PageChecksum.OfZpage(block), PageChecksum.OfZpage(fill) },
            PageChecksums = { 1, 0xFFFF_FFFF },
            Zpages = ByteString.CopyFrom([.. block, .. fill]),
            Encode = encode,
            AllOrNothing = true,
        };
    }

    public static LoadRequest Load() =>
        new() { Tenant = FuzzServer.TenantName, Area = 1, AttachEpoch = 0, Slots = { 5, 70_000, 6 }, Exclusive = true };

    public static InvalidateRequest Invalidate() => new()
    {
        Tenant = FuzzServer.TenantName,
        Area = 1,
        Slots = { 5 },
        Generations = { 2 },
        Ranges = { new SlotRange { First = 0, Count = 100 } },
        RangesGeneration = 500,
    };

    public static PingRequest Ping() => new()
    {
        Slots = { 1, 2, 3 },
        Sizes = { 8, 8, 8 },
        Zpages = ByteString.CopyFrom(new byte[24]),
        ReplyPages = 2,
        ReplyPageBytes = 700,
    };

    public static LoadResponse Loaded()
    {
        StoreRequest stored = Store();
        return new LoadResponse
        {
            Outcomes = { V1.LoadOutcome.Loaded, V1.LoadOutcome.Loaded, V1.LoadOutcome.NotFound },
            Generations = { stored.Generations, 0 },
            Sizes = { stored.Sizes, 0 },
            Encodings = { stored.Encodings, V1.Encoding.Unspecified },
            ZpageChecksums = { stored.ZpageChecksums, 0 },
            PageChecksums = { stored.PageChecksums, 0 },
            Zpages = stored.Zpages,
        };
    }

    public static ExchangeRequest Request(ulong id, StoreRequest store) => new()
    {
        RequestId = id,
        Store = store,
        TraceContext = ByteString.CopyFrom([.. Enumerable.Range(1, 25).Select(value => (byte)value)]),
    };

    /// <summary>A message as gRPC frames it.</summary>
    public static byte[] Frame(IMessage message)
    {
        byte[] bytes = message.ToByteArray();
        return [0, 0, 0, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }
}
