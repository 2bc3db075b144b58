using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>What a monitoring system sees after operations that are known.</summary>
[Collection(nameof(AloneCollection))]
public sealed class MetricsTests
{
    private const string Tenant = "remoteswap_tenant";

    [Fact]
    public async Task MessagesThatAreRefusedUnreadAreCountedByReason()
    {
        const string Load = "/remoteswap.v1.PageStoreService/Load";
        const string Reclaim = "/remoteswap.v1.PageStoreService/Reclaim";
        await using TestServer server = await TestServer.StartAsync();
        await PostAsync(Reclaim, RawCall.Framed([0x0A, 0xFF, 0x01]));
        await PostAsync(Load, RawCall.Framed([1, 2, 3], compressed: 1));
        await PostAsync(Load, RawCall.Framed(new byte[100_000]));
        await PostAsync(Load, RawCall.Framed([1, 2, 3])[..6]);

        Scrape metrics = await Scrape.OfAsync(server);

        Assert.All(
            (string[])["malformed", "compressed", "too_large", "wrong_length"],
            reason => Assert.Equal(1, metrics.Of("remoteswap_message_refusals_total", ("reason", reason))));

        async Task PostAsync(string method, byte[] body)
        {
            using ByteArrayContent content = new(body);
            await RawCall.PostAsync(server.Server.GrpcAddress, method, content);
        }
    }

    [Fact]
    public async Task CountersShowTheirCauses()
    {
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(
            [.. folder.Settings("8MiB"), $"--Tenants:{TestServer.TenantB}:Incompressible=Reject"]);
        ulong[] slots = Batch.Slots(8);
        byte[][] pages = [.. slots.Select(slot => PageKinds.Any((int)slot))];
        await server.Pages.StoreAsync(Batch.Store(slots, pages, generation: 2));
        await server.Pages.StoreAsync(Batch.Store(slots, pages, generation: 3));
        await server.Pages.StoreAsync(Batch.Store(slots[..5], pages[..5], generation: 1));
        await server.Pages.LoadAsync(Batch.Load([0, 1, 2, 100]));
        await server.Pages.InvalidateAsync(Batch.Invalidate(3));
        await server.StoreOneAsync(1, PageKinds.Noise(1), tenant: TestServer.TenantB);
        await server.Pages.ReclaimAsync(
            new ReclaimRequest { Tenant = TestServer.TenantA, TargetFrames = 100, Retries = 8 });
        await server.Pages.LoadAsync(Batch.Load([0]));

        Scrape metrics = await Scrape.OfAsync(server);

        Assert.Equal(16, Of("remoteswap_pages_stored_total"));
        Assert.Equal(8, Of("remoteswap_store_duplicates_total"));
        Assert.Equal(5, Of("remoteswap_store_stale_total"));
        Assert.Equal(4, Of("remoteswap_pages_loaded_total"));
        Assert.Equal(1, Of("remoteswap_pages_missed_total"));
        Assert.Equal(1, Of("remoteswap_pages_invalidated_total"));
        Assert.Equal(6, Of("remoteswap_pages_written_back_total"));
        Assert.Equal(1, Of("remoteswap_spill_loads_total"));
        Assert.InRange(Of("remoteswap_scrub_pages_total"), 0, 8);
        Assert.Equal(0, Of("remoteswap_scrub_corrupt_total"));
        Assert.InRange(metrics.Of("remoteswap_scrub_passes_total"), 0, 1);
        Assert.Equal(1, Of("remoteswap_store_rejections_total", TestServer.TenantB, ("reason", "compress_poor")));
        Assert.Equal(0, Of("remoteswap_store_rejections_total", TestServer.TenantA, ("reason", "compress_poor")));
        Assert.Equal(6, Of("remoteswap_entry_count", TestServer.TenantA, ("kind", "spilled")));
        Assert.Equal(1, Of("remoteswap_entry_count", TestServer.TenantA, ("kind", "same_filled")));
        Assert.Equal(0, Of("remoteswap_pool_frame_count", TestServer.TenantA, ("state", "headless")));
        Assert.Equal(1L << 30, Of("remoteswap_pool_limit_bytes"));
        Assert.Equal((await server.StatisticsAsync()).UsedBytes, Of("remoteswap_pool_usage_bytes"));
        Assert.Equal(1L << 30, metrics.Of("remoteswap_arena_limit_bytes"));
        Assert.Equal(8 << 20, metrics.Of("remoteswap_spill_limit_bytes"));

        // Spill file, reclaim and process.
        Assert.InRange(metrics.Sum("remoteswap_spill_read_duration_seconds_count"), 1, 8);
        Assert.InRange(metrics.Sum("remoteswap_spill_write_duration_seconds_count"), 1, 6);
        Assert.InRange(metrics.Of("remoteswap_spill_io_bytes_total", ("direction", "read")), 4096, 8 * 4160);
        Assert.InRange(metrics.Of("remoteswap_spill_io_bytes_total", ("direction", "write")), 4096, 6 * 4160);
        Assert.InRange(
            metrics.Sum("remoteswap_reclaim_duration_seconds_count", (Tenant, TestServer.TenantA), ("result", "freed")),
            1,
            6);
        Assert.InRange(metrics.Of("process_memory_usage_bytes"), 1 << 20, 1L << 40);

        double Of(string name, string tenant = TestServer.TenantA, params (string, string)[] tags) =>
            metrics.Of(name, [(Tenant, tenant), .. tags]);
    }

    [Fact]
    public async Task CallsAndPagesAreSeenByTenantAndOutcome()
    {
        await using TestServer server = await TestServer.StartAsync(
            $"--Tenants:{TestServer.TenantB}:Incompressible=Reject", TestServer.WithoutScrubber);
        ulong[] slots = Batch.Slots(4);
        byte[][] texts = [.. slots.Select(slot => PageKinds.Text((int)slot))];
        await server.Pages.StoreAsync(Batch.Store(slots, texts));
        await server.Pages.StoreAsync(Batch.Store([10, 11], [PageKinds.Filled(0), PageKinds.Text(1)]));
        await server.StoreOneAsync(1, PageKinds.Noise(1), tenant: TestServer.TenantB);
        await server.Pages.LoadAsync(Batch.Load(slots));
        await server.Pages.LoadAsync(Batch.Load([0, 1, 100]));
        await server.Pages.InvalidateAsync(Batch.Invalidate(0, 1));
        await server.Pages.InvalidateAsync(Batch.InvalidateRange(0, 100));
        await Assert.ThrowsAsync<RpcException>(
            () => server.Pages.LoadAsync(Batch.Load([0], tenant: "nobody")).ResponseAsync);
        await Assert.ThrowsAsync<RpcException>(
            () => server.Pages.LoadAsync(Batch.Load([])).ResponseAsync);

        Scrape metrics = await Scrape.OfAsync(server);

        Assert.Equal((1, 1, 1), (Calls("store", "stored"), Calls("store", "mixed"), Calls("load", "loaded")));
        Assert.Equal((1, 1, 2), (Calls("load", "mixed"), Calls("load", "refused"), Calls("invalidate", "invalidated")));
        Assert.Equal(1, Calls("store", "compress_poor", TestServer.TenantB));
        Assert.Equal(5, Pages("store", "stored"));
        Assert.Equal(1, Pages("store", "same_filled"));
        Assert.Equal(0, Pages("store", "tenant_limit"));
        Assert.Equal(1, Pages("store", "compress_poor", TestServer.TenantB));
        Assert.Equal(6, Pages("load", "loaded"));
        Assert.Equal(1, Pages("load", "not_found"));

        // Two by slot, the other four by range.
        Assert.Equal(6, Pages("invalidate", "invalidated"));

        // What names no tenant is no tenant's.
        Assert.Equal(2, metrics.Sum("remoteswap_load_duration_seconds_count", ("outcome", "refused")));

        double Calls(string operation, string outcome, string tenant = TestServer.TenantA) => metrics.Of(
            $"remoteswap_{operation}_duration_seconds_count", (Tenant, tenant), ("outcome", outcome));

        double Pages(string operation, string outcome, string tenant = TestServer.TenantA) => metrics.Of(
            "remoteswap_page_outcomes_total", (Tenant, tenant), ("operation", operation), ("outcome", outcome));
    }

    [Fact]
    public async Task PoolsStreamsAndTheServersStateAreSeen()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.WithoutScrubber);
        ulong[] slots = Batch.Slots(7);
        await server.Pages.StoreAsync(Batch.Store(slots, [.. slots.Select(slot => PageKinds.Text((int)slot))]));
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> stream = server.Pages.Exchange();
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));

        await new AreaService.AreaServiceClient(server.Channel).AttachAsync(new AttachRequest
        {
            Tenant = TestServer.TenantA,
            Mode = AttachMode.Exclusive,
            Holder = "a client",
            SessionToken = ByteString.CopyFrom(new byte[16]),
            Attempt = ByteString.CopyFrom(new byte[16]),
        });

        Scrape metrics = await Scrape.OfAsync(server);

        TenantStatistics now = await server.StatisticsAsync();
        Assert.Equal(now.UnbuddiedFrames, metrics.Sum("remoteswap_pool_unbuddied", (Tenant, TestServer.TenantA)));
        Assert.Equal(8, metrics.Values("remoteswap_pool_unbuddied", "chunks").Distinct().Count());
        Assert.Equal(
            7 * 4096.0 / now.ZpageBytes, metrics.Of("remoteswap_pool_compression", (Tenant, TestServer.TenantA)));
        Assert.Equal(1, metrics.Of("remoteswap_exchange_stream_count"));
        Assert.Equal(0, metrics.Of("remoteswap_exchange_in_flight"));
        Assert.Equal(
            1, metrics.Of("remoteswap_area_count", (Tenant, TestServer.TenantA), ("state", "attached")));
        Assert.Equal(0, metrics.Of("remoteswap_area_count", (Tenant, TestServer.TenantA), ("state", "orphan")));
        Assert.Equal(256 << 20, metrics.Of("remoteswap_exchange_window_limit_bytes"));
        Assert.Equal(0, metrics.Of("remoteswap_exchange_window_waits_total"));
        Assert.Equal(1, metrics.Of("remoteswap_server_accepting"));
        Assert.Equal(0, metrics.Of("remoteswap_server_draining"));
        Assert.Equal(0, metrics.Of("remoteswap_invariant_violations_total", (Tenant, TestServer.TenantA)));
        Assert.Equal(0, metrics.Of("remoteswap_restore_pages"));

        server.Server.PageStore.BeginDrain();
        metrics = await Scrape.OfAsync(server);
        Assert.Equal(0, metrics.Of("remoteswap_server_accepting"));
        Assert.Equal(1, metrics.Of("remoteswap_server_draining"));
    }

    [Fact]
    public async Task TheLastDrainAndWhatCameBackOfItAreSeen()
    {
        using SpillFolder folder = new();
        string setting = $"--State:Folder={Path.GetDirectoryName(folder.File)}";
        ulong[] slots = Batch.Slots(50);
        await using (TestServer first = await TestServer.StartAsync(setting))
        {
            await first.Pages.StoreAsync(Batch.Store(slots, [.. slots.Select(slot => PageKinds.Text((int)slot))]));
        }

        await using TestServer second = await TestServer.StartAsync(setting);

        Scrape metrics = await Scrape.OfAsync(second);
        ServerStatistics server = (await second.Admin.ListTenantsAsync(new ListTenantsRequest())).Server;
        Assert.Equal((50UL, 50UL), (server.DrainedPages, server.RestoredPages));
        Assert.Equal((50, 50), (metrics.Of("remoteswap_drain_pages"), metrics.Of("remoteswap_restore_pages")));
        Assert.InRange(metrics.Of("remoteswap_drain_duration_seconds"), 0.001, 600);
        Assert.Equal(server.RestoreSeconds, metrics.Of("remoteswap_restore_duration_seconds"), 1e-6);
    }
}
