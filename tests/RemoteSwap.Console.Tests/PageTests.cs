using System.Text.Json;

namespace RemoteSwap.Console.Tests;

/// <summary>The page in a real browser.</summary>
public sealed class PageTests(Chromium chromium)
{
    private const string Dataset = "document.documentElement?.dataset";

    [Fact]
    public async Task Numbers_on_the_page_are_those_of_the_server()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await server.StoreAsync(LoadedServer.Wide, 1500);
        await server.StoreAsync(LoadedServer.Other, 300);
        await server.LoadAsync(LoadedServer.Wide, 640);
        await using BrowserPage page = await chromium.OpenAsync(1280, 900);
        await page.GoAsync(server.Console);
        await page.WaitAsync($"{Dataset}.polls >= 3");

        JsonElement figures = await server.GetAsync("/console/api/figures");
        foreach (string tenant in (string[])[LoadedServer.Wide, LoadedServer.Other, LoadedServer.Tight])
        {
            JsonElement same = LoadedServer.TenantOf(figures, tenant);
            Assert.All(
                (string[])
                [
                    "used_bytes", "limit_bytes", "guarantee_bytes", "stored_pages", "reclaimed_frames",
                    "spilled_pages", "corrupt_pages",
                ],
                name => Assert.Equal(
                    same.GetProperty(name).GetRawText(),
                    page.TextAsync(Cell(tenant, name)).GetAwaiter().GetResult()));
        }

        JsonElement total = figures.GetProperty("server");
        Assert.Equal(total.GetProperty("used_bytes").GetRawText(), await page.TextAsync(Tile("full")));
        Assert.Equal("accepting", await page.TextAsync(Tile("up")));
        Assert.Equal("0", await page.TextAsync(Tile("corrupt")));
        Assert.Equal("0", await page.TextAsync(Tile("refused")));
        Assert.Equal(
            figures.GetProperty("totals").GetProperty("density").GetDouble(),
            double.Parse(await page.TextAsync(Series("density"))));
        Assert.Equal(total.GetProperty("used_bytes").GetRawText(), await page.TextAsync(Series("used")));
        Assert.Equal("0", await page.TextAsync(Series("store")));
        await AssertQuietAsync(page, server);
    }

    [Fact]
    public async Task Throughput_and_latency_are_of_the_calls_that_are_made()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await using BrowserPage page = await chromium.OpenAsync(1280, 900);
        await page.GoAsync(server.Console);
        await page.WaitAsync($"{Dataset}.polls >= 2");

        string[] series =
        [
            "store", "load", "store_p50", "store_p99", "store_p999", "load_p50", "load_p99", "load_p999", "used",
            "resident", "ratio", "density",
        ];
        string shown = $"[{string.Join(',', series.Select(name => $"Number({Series(name)})"))}]"
            + ".every(value => value > 0)";
        using CancellationTokenSource enough = new();
        Task load = MakeLoadAsync(server, enough.Token);
        await page.WaitAsync(shown);
        Assert.True(
            (await page.EvaluateAsync($"Number({Series("load_p50")}) <= Number({Series("load_p999")})")).GetBoolean());
        await enough.CancelAsync();
        await load;
        await AssertQuietAsync(page, server);
    }

    [Fact]
    public async Task The_map_has_the_frames_of_the_statistics()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await server.StoreAsync(LoadedServer.Wide, 1500);
        for (ulong slot = 0; slot < 1500; slot += 3)
        {
            await server.Area(LoadedServer.Wide).InvalidateAsync(slot);
        }

        await using BrowserPage page = await chromium.OpenAsync(1280, 900);
        await page.GoAsync(server.Console);
        await page.WaitAsync($"{Dataset}.polls >= 2");
        JsonElement totals = (await server.GetAsync("/console/api/figures")).GetProperty("totals");

        Assert.Equal(totals.GetProperty("buddied_frames").GetInt64(), await FramesAsync(page, "both"));
        Assert.Equal(totals.GetProperty("headless_frames").GetInt64(), await FramesAsync(page, "headless"));
        Assert.Equal(
            totals.GetProperty("unbuddied_frames").GetInt64(),
            await FramesAsync(page, "first") + await FramesAsync(page, "last"));

        // The keyboard reaches a cell and tells what it is.
        await page.EvaluateAsync("document.getElementById('frames').focus()");
        await page.PressAsync("ArrowRight");
        await page.WaitAsync("/^1: /.test(document.getElementById('frames-cell').textContent)");
        await page.EvaluateAsync(
            "document.getElementById('frames-region').value = 'spill';"
            + "document.getElementById('frames-region').dispatchEvent(new Event('change'))");
        await page.WaitAsync("document.getElementById('frames-about').textContent.includes('places')");
        await AssertQuietAsync(page, server);
    }

    [Fact]
    public async Task A_refusal_appears_with_its_cause()
    {
        await using LoadedServer server = await LoadedServer.StartAsync(spills: false);
        await using BrowserPage page = await chromium.OpenAsync(1280, 900);
        await page.GoAsync(server.Console);
        await page.WaitAsync($"{Dataset}.polls >= 2");
        await page.WaitAsync("!document.getElementById('refusals-none').hidden");

        int refused = await server.StoreAsync(LoadedServer.Tight, 1024, make: PageKinds.Noise);
        await page.WaitAsync($"{Tile("refused")} === '{refused}'");

        Assert.Equal(
            $"{LoadedServer.Tight} TENANT_LIMIT",
            await page.TextAsync(
                "(row => `${row.dataset.tenant} ${row.dataset.cause}`)(document.querySelector('#refusals tbody tr'))"));
        Assert.Equal(
            $"{refused}",
            await page.TextAsync("document.querySelector('[data-cause=reject_reclaim_fail]').dataset.value"));
        Assert.Contains("at its limit", await page.TextAsync("document.getElementById('problems').textContent"));
        await AssertQuietAsync(page, server);
    }

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task The_page_does_not_scroll_sideways(int width)
    {
        await using LoadedServer server = await LoadedServer.StartAsync(spills: false);
        await server.StoreAsync(LoadedServer.Tight, 1024, make: PageKinds.Noise);
        await using BrowserPage page = await chromium.OpenAsync(width, 740);
        await page.GoAsync(server.Console);
        await page.WaitAsync($"{Dataset}.polls >= 2");

        Assert.Equal(
            width, (await page.EvaluateAsync("document.documentElement.scrollWidth")).GetInt32());
        await AssertQuietAsync(page, server);
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_the_button_says_otherwise()
    {
        const string Back = "getComputedStyle(document.documentElement).backgroundColor";
        await using LoadedServer server = await LoadedServer.StartAsync();
        await using BrowserPage page = await chromium.OpenAsync(1280, 900);
        await page.GoAsync(server.Console);
        await page.WaitAsync($"{Dataset}.polls >= 1");
        string light = await page.TextAsync(Back);
        await page.ShowDarkAsync(true);
        string dark = await page.TextAsync(Back);
        Assert.NotEqual(light, dark);

        await page.EvaluateAsync("document.getElementById('theme').click()");
        Assert.Equal(light, await page.TextAsync(Back));
        await page.EvaluateAsync("document.getElementById('theme').click()");
        Assert.Equal(dark, await page.TextAsync(Back));
        await page.GoAsync(server.Console);
        await page.WaitAsync($"{Dataset}.theme === 'dark'");
    }

    [Fact]
    public async Task Tenants_are_sorted_by_any_column()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await server.StoreAsync(LoadedServer.Other, 300);
        await server.StoreAsync(LoadedServer.Wide, 64);
        await using BrowserPage page = await chromium.OpenAsync(1280, 900);
        await page.GoAsync(server.Console);
        await page.WaitAsync($"{Dataset}.polls >= 1");
        const string Names =
            "[...document.querySelectorAll('#tenants tbody tr')].map(row => row.dataset.tenant).join(' ')";

        Assert.Equal($"{LoadedServer.Other} {LoadedServer.Wide} {LoadedServer.Tight}", await page.TextAsync(Names));
        await page.EvaluateAsync("document.querySelector('#tenants th[data-key=tenant] button').click()");
        Assert.Equal($"{LoadedServer.Other} {LoadedServer.Tight} {LoadedServer.Wide}", await page.TextAsync(Names));
        Assert.Equal(
            "ascending",
            await page.TextAsync("document.querySelector('#tenants th[data-key=tenant]').getAttribute('aria-sort')"));
    }

    [Fact]
    public async Task A_server_that_is_gone_is_said_to_be()
    {
        LoadedServer server = await LoadedServer.StartAsync();
        await using (server)
        {
            await using BrowserPage page = await chromium.OpenAsync(1280, 900);
            await page.GoAsync(server.Console);
            await page.WaitAsync($"{Dataset}.polls >= 1");
            await server.Server.StopAsync();
            await page.WaitAsync("!document.getElementById('silence').hidden");
        }
    }

    [Fact]
    public async Task Everything_that_can_be_used_has_a_name()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await using BrowserPage page = await chromium.OpenAsync(1280, 900);
        await page.GoAsync(server.Console);
        await page.WaitAsync($"{Dataset}.polls >= 1");

        Assert.Equal("", await page.TextAsync(
            """
            [...document.querySelectorAll('button, select, a, canvas[tabindex], [role=region]')]
              .filter(one => !(one.textContent.trim() || one.getAttribute('aria-label')
                || one.getAttribute('aria-labelledby') || one.closest('label')))
              .map(one => one.outerHTML).join(' ')
            """));
        Assert.Equal("", await page.TextAsync(
            """
            [...document.querySelectorAll('*')].filter(one => [...one.attributes].some(
              attribute => attribute.name.startsWith('on')
                || attribute.name === 'style' && !one.matches('canvas, line')))
              .map(one => one.tagName).join(' ')
            """));
    }

    private static async Task MakeLoadAsync(LoadedServer server, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await server.StoreAsync(LoadedServer.Wide, 640);
            await server.LoadAsync(LoadedServer.Wide, 640);
        }
    }

    private static string Tile(string name) => $"document.querySelector('[data-tile={name}]').dataset.value";

    private static string Series(string name) => $"document.querySelector('[data-series={name}]').dataset.value";

    private static string Cell(string tenant, string name) =>
        $"document.querySelector('tr[data-tenant={tenant}] [data-key={name}]').dataset.value";

    private static async Task<long> FramesAsync(BrowserPage page, string state) =>
        long.Parse(await page.TextAsync($"document.querySelector('[data-state={state}]').dataset.value"));

    // No error in the console, and no other host was asked for anything.
    private static async Task AssertQuietAsync(BrowserPage page, LoadedServer server)
    {
        await page.EvaluateAsync("1");
        Assert.Empty(page.Complaints);
        Assert.NotEmpty(page.Requests);
        Assert.All(page.Requests, request => Assert.Equal(server.Console.Authority, request.Authority));
    }
}
