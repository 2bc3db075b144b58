using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Operations;

/// <summary>What a monitoring system sees after operations that are known.</summary>
[Collection(nameof(AloneCollection))]
public sealed class MetricsTests
{
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

        Dictionary<string, double> metrics = await ReadAsync(server);

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
        Assert.InRange(Sum("remoteswap_scrub_passes_total"), 0, 1);
        Assert.Equal(1, Of("remoteswap_store_rejections_total", TestServer.TenantB, "reason=\"compress_poor\""));
        Assert.Equal(0, Of("remoteswap_store_rejections_total", TestServer.TenantA, "reason=\"compress_poor\""));
        Assert.Equal(6, Of("remoteswap_entry_count", TestServer.TenantA, "kind=\"spilled\""));
        Assert.Equal(1, Of("remoteswap_entry_count", TestServer.TenantA, "kind=\"same_filled\""));
        Assert.Equal(0, Of("remoteswap_pool_frame_count", TestServer.TenantA, "state=\"headless\""));
        Assert.Equal(1L << 30, Of("remoteswap_pool_limit_bytes"));
        Assert.Equal((await server.StatisticsAsync()).UsedBytes, Of("remoteswap_pool_usage_bytes"));
        Assert.Equal(1L << 30, Sum("remoteswap_arena_limit_bytes"));
        Assert.Equal(8 << 20, Sum("remoteswap_spill_limit_bytes"));
        Assert.Equal(4, Sum("remoteswap_store_duration_seconds_count"));
        Assert.Equal(2, Sum("remoteswap_load_duration_seconds_count"));
        Assert.Equal(1, Sum("remoteswap_invalidate_duration_seconds_count"));

        double Of(string name, string tenant = TestServer.TenantA, string tag = "") => Assert.Single(
            metrics,
            metric => metric.Key.StartsWith(name + "{", StringComparison.Ordinal)
                && metric.Key.Contains($"remoteswap_tenant=\"{tenant}\"", StringComparison.Ordinal)
                && metric.Key.Contains(tag, StringComparison.Ordinal)).Value;

        double Sum(string name) => Assert.Single(
            metrics, metric => metric.Key.Split('{')[0] == name).Value;
    }

    [Fact]
    public async Task OneSpanACallTellsHowManyPages()
    {
        const int Pages = 77;
        ConcurrentBag<string> spans = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "RemoteSwap",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.GetTagItem("remoteswap.pages") is Pages)
                {
                    spans.Add(span.OperationName);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using TestServer server = await TestServer.StartAsync();
        ulong[] slots = Batch.Slots(Pages);

        await server.Pages.StoreAsync(Batch.Store(slots, [.. slots.Select(slot => PageKinds.Any((int)slot))]));
        await server.Pages.LoadAsync(Batch.Load(slots));
        await server.Pages.InvalidateAsync(Batch.Invalidate(slots));

        Assert.Equal(
            "remoteswap.invalidate remoteswap.load remoteswap.store",
            string.Join(' ', spans.Order(StringComparer.Ordinal)));
    }

    // Prometheus text: name{tags} value [time].
    private static async Task<Dictionary<string, double>> ReadAsync(TestServer server)
    {
        // Figures of one collection are shared for a tenth of a second.
        await Task.Delay(200);
        (_, string text) = await server.GetAsync("/metrics");
        Dictionary<string, double> metrics = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            int brace = line.LastIndexOf('}');
            int end = brace >= 0 ? brace + 1 : line.IndexOf(' ', StringComparison.Ordinal);
            metrics[line[..end]] = double.Parse(line[end..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        }

        return metrics;
    }
}
