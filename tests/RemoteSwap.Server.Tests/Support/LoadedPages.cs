using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Support;

/// <summary>Reads replies of Load as a careful client does.</summary>
internal static class LoadedPages
{
    /// <summary>Asserts that a reply of tenant A's area 0 holds exactly these pages.</summary>
    public static void AssertAre(LoadResponse response, IReadOnlyList<ulong> slots, IReadOnlyList<byte[]> pages) =>
        AssertPages(response, Batch.Load(slots), pages);

    /// <summary>Asserts that a reply holds exactly these pages, whole, and that all columns agree.</summary>
    public static void AssertPages(LoadResponse response, LoadRequest request, IReadOnlyList<byte[]> pages)
    {
        int count = request.Slots.Count;
        Assert.Equal(Enumerable.Repeat(LoadOutcome.Loaded, count), response.Outcomes);
        Assert.Equal(
            [count, count, count, count, count],
            (int[])[
                response.Generations.Count,
                response.Sizes.Count,
                response.Encodings.Count,
                response.ZpageChecksums.Count,
                response.PageChecksums.Count,
            ]);
        Assert.Equal(response.Zpages.Length, (int)response.Sizes.Sum(size => size));
        int offset = 0;
        byte[] page = new byte[PageSize.Bytes];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> zpage = response.Zpages.Span.Slice(offset, (int)response.Sizes[i]);
            offset += zpage.Length;
            Assert.Equal(PageChecksum.OfZpage(zpage), response.ZpageChecksums[i]);
            Assert.Equal(ZpageFault.None, PageCodec.Default.Decode((ZpageEncoding)response.Encodings[i], zpage, page));
            Assert.Equal(pages[i], page);
            Assert.Equal(
                PageChecksum.OfPage(
                    page, request.Area, request.Slots[i], response.Generations[i]), response.PageChecksums[i]);
        }
    }

    /// <summary>Loads slots and asserts that they hold exactly these pages.</summary>
    public static async Task AssertHoldsAsync(
        this TestServer server, IReadOnlyList<ulong> slots, IReadOnlyList<byte[]> pages, string tenant =
            TestServer.TenantA, uint area = 0)
    {
        LoadRequest request = Batch.Load(slots, tenant, area);
        AssertPages(await server.Pages.LoadAsync(request), request, pages);
    }

    /// <summary>Loads slots and asserts that they are empty.</summary>
    public static async Task AssertEmptyAsync(
        this TestServer server, IReadOnlyList<ulong> slots, string tenant = TestServer.TenantA, uint area = 0)
    {
        LoadResponse response = await server.Pages.LoadAsync(Batch.Load(slots, tenant, area));
        Assert.Equal(Enumerable.Repeat(LoadOutcome.NotFound, slots.Count), response.Outcomes);
        Assert.Equal(0, response.Zpages.Length);
    }

    /// <summary>What a Load finds in one slot.</summary>
    public static async Task<LoadOutcome> LoadOutcomeAsync(
        this TestServer server, ulong slot, string tenant = TestServer.TenantA)
    {
        LoadResponse response = await server.Pages.LoadAsync(Batch.Load([slot], tenant));
        return Assert.Single(response.Outcomes);
    }

    /// <summary>Stores one page and returns what became of it.</summary>
    public static async Task<StoreOutcome> StoreOneAsync(
        this TestServer server, ulong slot, byte[] page, ulong generation = 1, string tenant = TestServer.TenantA)
    {
        StoreResponse response = await server.Pages.StoreAsync(Batch.Store(slot, page, generation, tenant));
        return Assert.Single(response.Outcomes);
    }
}
