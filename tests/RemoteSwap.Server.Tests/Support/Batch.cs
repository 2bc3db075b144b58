using Google.Protobuf;
using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Support;

/// <summary>Well-formed requests.</summary>
internal static class Batch
{
    /// <summary>A Store of one page.</summary>
    public static StoreRequest Store(
        ulong slot, byte[] page, ulong generation = 1, string tenant = TestServer.TenantA, uint area = 0) =>
        Store([slot], [page], generation, tenant, area);

    /// <summary>A Store of pages, each encoded in the cheapest way.</summary>
    public static StoreRequest Store(
        IReadOnlyList<ulong> slots,
        IReadOnlyList<byte[]> pages,
        ulong generation = 1,
        string tenant = TestServer.TenantA,
        uint area = 0)
    {
        StoreRequest request = new() { Tenant = tenant, Area = area };
        using MemoryStream zpages = new();
        byte[] zpage = new byte[PageSize.Bytes];
        for (int i = 0; i < slots.Count; i++)
        {
            int size = PageCodec.Default.Encode(pages[i], zpage, out ZpageEncoding encoding);
            AddColumns(request, slots[i], generation, (Encoding)encoding, zpage.AsSpan(0, size));
            request.PageChecksums.Add(PageChecksum.OfPage(pages[i], area, slots[i], generation));
            zpages.Write(zpage, 0, size);
        }

        request.Zpages = ByteString.CopyFrom(zpages.ToArray());
        return request;
    }

    /// <summary>A Store of one zpage as it is, with its right zpage checksum and no page checksum.</summary>
    public static StoreRequest StoreZpage(ulong slot, Encoding encoding, byte[] zpage, ulong generation = 1)
    {
        StoreRequest request = new() { Tenant = TestServer.TenantA };
        AddColumns(request, slot, generation, encoding, zpage);
        request.Zpages = ByteString.CopyFrom(zpage);
        return request;
    }

    public static LoadRequest Load(
        IEnumerable<ulong> slots, string tenant = TestServer.TenantA, uint area = 0, bool exclusive = false) =>
        new() { Tenant = tenant, Area = area, Slots = { slots }, Exclusive = exclusive };

    public static InvalidateRequest Invalidate(params ulong[] slots) =>
        new() { Tenant = TestServer.TenantA, Slots = { slots } };

    public static InvalidateRequest InvalidateRange(ulong first, ulong count) =>
        new() { Tenant = TestServer.TenantA, Ranges = { new SlotRange { First = first, Count = count } } };

    /// <summary>Slots one after the other.</summary>
    public static ulong[] Slots(int count, ulong first = 0) =>
        [.. Enumerable.Range(0, count).Select(i => first + (ulong)i)];

    private static void AddColumns(
        StoreRequest request, ulong slot, ulong generation, Encoding encoding, ReadOnlySpan<byte> zpage)
    {
        request.Slots.Add(slot);
        request.Generations.Add(generation);
        request.Sizes.Add((uint)zpage.Length);
        request.Encodings.Add(encoding);
        request.ZpageChecksums.Add(PageChecksum.OfZpage(zpage));
    }
}
