using System.Text.Json;

namespace RemoteSwap.Console.Tests;

/// <summary>The documents that the page is made of.</summary>
public sealed class FiguresTests
{
    [Fact]
    public async Task Figures_are_those_of_the_admin_service()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await server.StoreAsync(LoadedServer.Wide, 600);
        await server.LoadAsync(LoadedServer.Wide, 128);

        JsonElement figures = await server.GetAsync("/console/api/figures");
        JsonElement admin = await server.GetAsync("/admin/tenants");

        foreach (JsonElement tenant in figures.GetProperty("tenants").EnumerateArray())
        {
            JsonElement same = admin.GetProperty("tenants").EnumerateArray().Single(
                one => one.GetProperty("tenant").GetString() == tenant.GetProperty("tenant").GetString());
            Assert.All(
                (string[])
                [
                    "used_bytes", "limit_bytes", "guarantee_bytes", "buddied_frames", "unbuddied_frames",
                    "headless_frames", "stored_pages", "same_filled_pages", "zpage_bytes", "stores", "loads",
                    "reject_reclaim_fail", "corrupt_pages",
                ],
                name => Assert.Equal(same.GetProperty(name).GetString(), tenant.GetProperty(name).GetRawText()));
        }

        Assert.Equal(600, figures.GetProperty("totals").GetProperty("stores").GetInt64());
        Assert.Equal(128, figures.GetProperty("totals").GetProperty("loads").GetInt64());
        Assert.Equal("accepting", figures.GetProperty("state").GetProperty("word").GetString());
        Assert.Equal("Healthy", figures.GetProperty("state").GetProperty("health").GetString());
        Assert.Equal(
            admin.GetProperty("server").GetProperty("used_bytes").GetString(),
            figures.GetProperty("server").GetProperty("used_bytes").GetRawText());
    }

    [Fact]
    public async Task Clock_goes_on_and_the_life_stays()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        JsonElement first = await server.GetAsync("/console/api/figures");
        JsonElement second = await server.GetAsync("/console/api/figures");

        Assert.True(second.GetProperty("monotonic_us").GetInt64() > first.GetProperty("monotonic_us").GetInt64());
        Assert.Equal(
            first.GetProperty("incarnation").GetString(), second.GetProperty("incarnation").GetString());
    }

    [Fact]
    public async Task Refused_pages_are_named_by_tenant_and_cause()
    {
        await using LoadedServer server = await LoadedServer.StartAsync(spills: false);
        Assert.Empty((await server.GetAsync("/console/api/figures")).GetProperty("refusals").EnumerateArray());

        int refused = await server.StoreAsync(LoadedServer.Tight, 1024, make: PageKinds.Noise);
        JsonElement figures = await server.GetAsync("/console/api/figures");

        Assert.InRange(refused, 1, 1024);
        JsonElement[] lines = [.. figures.GetProperty("refusals").EnumerateArray()];
        Assert.All(lines, line =>
        {
            Assert.Equal(LoadedServer.Tight, line.GetProperty("tenant").GetString());
            Assert.Equal("TENANT_LIMIT", line.GetProperty("cause").GetString());
        });
        Assert.Equal(refused, lines.Sum(line => line.GetProperty("pages").GetInt64()));
        Assert.True(LoadedServer.TenantOf(figures, LoadedServer.Tight).GetProperty("reached_limit").GetBoolean());
        Assert.Contains(
            figures.GetProperty("state").GetProperty("problems").EnumerateArray(),
            problem => problem.GetString()!.Contains(LoadedServer.Tight, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Times_of_calls_are_counted_from_the_first_look_on()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await server.StoreAsync(LoadedServer.Wide, 320);
        Assert.Equal(0, await CallsAsync(server, "store"));

        await server.StoreAsync(LoadedServer.Wide, 320);
        await server.LoadAsync(LoadedServer.Wide, 192);

        Assert.Equal(320 / LoadedServer.Batch, await CallsAsync(server, "store"));
        Assert.Equal(192 / LoadedServer.Batch, await CallsAsync(server, "load"));
        Assert.Equal(0, await CallsAsync(server, "invalidate"));
    }

    [Fact]
    public async Task Another_server_of_the_process_is_not_listened_to()
    {
        await using LoadedServer watched = await LoadedServer.StartAsync();
        await using LoadedServer other = await LoadedServer.StartAsync();
        await watched.GetAsync("/console/api/figures");
        await other.StoreAsync(LoadedServer.Wide, 64);

        Assert.Equal(0, await CallsAsync(watched, "store"));
    }

    private static async Task<long> CallsAsync(LoadedServer server, string operation)
    {
        JsonElement found = (await server.GetAsync("/console/api/figures"))
            .GetProperty("latency").GetProperty("operations").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == operation);
        long calls = found.GetProperty("count").GetInt64();
        Assert.Equal(calls, found.GetProperty("buckets").EnumerateArray().Sum(bucket => bucket[1].GetInt64()));
        Assert.All(
            found.GetProperty("buckets").EnumerateArray(),
            bucket => Assert.InRange(bucket[0].GetInt64(), 100, 60_000_000_000));
        return calls;
    }
}
