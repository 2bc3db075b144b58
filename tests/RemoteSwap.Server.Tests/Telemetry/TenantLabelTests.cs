using RemoteSwap.Server.Options;
using RemoteSwap.Server.Telemetry;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>Which tenants metrics name, and where the figures of the others are.</summary>
[Collection(nameof(AloneCollection))]
public sealed class TenantLabelTests
{
    private const string Tenant = "remoteswap_tenant";

    [Fact]
    public async Task WithoutATagFiguresAreAddedUp()
    {
        await using TestServer server = await TestServer.StartAsync("--Telemetry:TenantTag=None");
        await server.StoreOneAsync(1, PageKinds.Text(1));
        await server.StoreOneAsync(1, PageKinds.Text(2), tenant: TestServer.TenantB);

        Scrape metrics = await Scrape.OfAsync(server);

        Assert.Equal(2, metrics.Of("remoteswap_pages_stored_total"));
        Assert.Equal(2, metrics.Of("remoteswap_store_duration_seconds_count", ("outcome", "stored")));
        Assert.Equal(
            2, metrics.Of("remoteswap_page_outcomes_total", ("operation", "store"), ("outcome", "stored")));
        Assert.All(metrics.Names, name => Assert.Empty(metrics.Values(name, Tenant)));
    }

    [Fact]
    public async Task OnlyTheTopIsNamedAndNoCounterFallsWhenItChanges()
    {
        await using TestServer server =
            await TestServer.StartAsync("--Telemetry:TenantTag=Top", "--Telemetry:TopTenants=1");
        await StoreAsync(TestServer.TenantA, 100);
        await StoreAsync(TestServer.TenantB, 10);

        Scrape first = await Scrape.OfAsync(server);
        Assert.Equal((100, 0, 10), Stored(first));

        // The other one comes to the top: from now on it counts under its own name.
        await StoreAsync(TestServer.TenantB, 500);
        Scrape second = await Scrape.OfAsync(server);
        Assert.Equal((100, 0, 510), Stored(second));
        await StoreAsync(TestServer.TenantB, 3);
        Scrape third = await Scrape.OfAsync(server);

        Assert.Equal((100, 3, 510), Stored(third));
        Assert.Equal(
            3,
            third.Of("remoteswap_page_outcomes_total", (Tenant, TestServer.TenantB), ("outcome", "stored")));
        Assert.Equal(
            (await server.StatisticsAsync(TestServer.TenantB)).UsedBytes,
            third.Of("remoteswap_pool_usage_bytes", (Tenant, TestServer.TenantB)));
        Assert.Equal(0, third.Of("remoteswap_pool_usage_bytes", (Tenant, TenantLabels.Other)));

        async Task StoreAsync(string tenant, int pages)
        {
            ulong[] slots = Batch.Slots(pages);
            byte[][] texts = [.. slots.Select(slot => PageKinds.Text((int)slot))];
            await server.Pages.StoreAsync(Batch.Store(slots, texts, (ulong)Environment.TickCount64, tenant));
        }
    }

    [Fact]
    public void NamesAreNeverMoreThanAMetricCanHave()
    {
        string[] tenants = [.. Enumerable.Range(0, 10).Select(number => $"t{number}")];
        TenantLabels labels = new(TenantTag.Top, top: 2, most: 3, tenants);

        Assert.Equal(["t0", "t1"], labels.Rank([("t0", 9), ("t1", 8), ("t2", 1)]));
        Assert.Equal(["t2"], labels.Rank([("t0", 9), ("t1", 8), ("t2", 10)]));
        Assert.Empty(labels.Rank([("t5", 9), ("t6", 8)]));

        Assert.Equal(
            "other t0 t1 t2",
            string.Join(' ', Enumerable.Range(1, labels.Count - 1).Select(label => labels.NameOf(label))));
        Assert.Equal(TenantLabels.Other, labels.NameOf(labels.Of("t5")));
        Assert.Equal("t0", labels.NameOf(labels.Of("t0")));
        Assert.Null(labels.NameOf(labels.Of("nobody")));
    }

    [Fact]
    public void TheWidestMetricHasTheSeriesThatTheLimitCounts() => Assert.Equal(
        TelemetryOptions.SeriesPerTenant,
        OutcomeNames.Of<Store.StoreOutcome>().Length - 1
        + OutcomeNames.Of<Store.LoadOutcome>().Length - 1
        + OutcomeNames.Of<Store.InvalidateOutcome>().Length - 1);

    private static (double A, double B, double Other) Stored(Scrape metrics) => (
        metrics.Sum("remoteswap_pages_stored_total", (Tenant, TestServer.TenantA)),
        metrics.Sum("remoteswap_pages_stored_total", (Tenant, TestServer.TenantB)),
        metrics.Of("remoteswap_pages_stored_total", (Tenant, TenantLabels.Other)));
}
