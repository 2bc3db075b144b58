using System.Net;
using System.Text.Json;

namespace RemoteSwap.Console.Tests;

/// <summary>The map of frames agrees with the statistics, whole or in parts, and has bounds.</summary>
public sealed class FramesTests
{
    private const int Pages = 1500;

    [Theory]
    [InlineData(4096)]
    [InlineData(64)]
    [InlineData(1)]
    public async Task Counts_agree_with_the_statistics(int cells)
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await FillAsync(server);

        JsonElement frames = await server.GetAsync($"/console/api/frames?cells={cells}");
        Dictionary<string, long> counts = Counts(frames);
        JsonElement totals = (await server.GetAsync("/console/api/figures")).GetProperty("totals");

        Assert.Equal(totals.GetProperty("buddied_frames").GetInt64(), counts["both"]);
        Assert.Equal(totals.GetProperty("unbuddied_frames").GetInt64(), counts["first"] + counts["last"]);
        Assert.Equal(totals.GetProperty("headless_frames").GetInt64(), counts["headless"]);
        Assert.True(counts["first"] > 0 && counts["last"] > 0 && counts["both"] > 0 && counts["headless"] > 0);
        Assert.Equal(0, counts["reclaim"]);
        Assert.Equal(
            totals.GetProperty("used_bytes").GetInt64() / 4096,
            counts.Where(one => one.Key != "free").Sum(one => one.Value));
        Assert.Equal(frames.GetProperty("count").GetInt64(), counts.Values.Sum());
        Assert.Equal(frames.GetProperty("end_in_use").GetInt64(), frames.GetProperty("count").GetInt64());
        Assert.InRange(Cells(frames), 1, cells);
    }

    [Fact]
    public async Task A_tenant_is_told_apart_from_others()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await FillAsync(server);

        JsonElement figures = await server.GetAsync("/console/api/figures");
        foreach (string tenant in (string[])[LoadedServer.Wide, LoadedServer.Other])
        {
            Dictionary<string, long> counts = Counts(await server.GetAsync($"/console/api/frames?tenant={tenant}"));
            JsonElement same = LoadedServer.TenantOf(figures, tenant);
            Assert.Equal(same.GetProperty("buddied_frames").GetInt64(), counts["both"]);
            Assert.Equal(same.GetProperty("unbuddied_frames").GetInt64(), counts["first"] + counts["last"]);
            Assert.Equal(same.GetProperty("headless_frames").GetInt64(), counts["headless"]);
            Assert.True(counts["elsewhere"] > 0);
        }
    }

    [Fact]
    public async Task Parts_are_the_whole()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await FillAsync(server);

        JsonElement whole = await server.GetAsync("/console/api/frames?cells=4096");
        string cells = whole.GetProperty("cells").GetString()!;
        string parts = "";
        for (int from = 0; from < cells.Length; from += 100)
        {
            JsonElement part = await server.GetAsync($"/console/api/frames?from={from}&count=100&cells=100");
            Assert.Equal(from, part.GetProperty("from").GetInt32());
            parts += part.GetProperty("cells").GetString();
        }

        Assert.Equal(cells, parts[..cells.Length]);
        Assert.Matches("^[.FLBHRXO]+$", cells);
    }

    [Fact]
    public async Task Places_of_the_spill_file_are_counted()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        await server.StoreAsync(LoadedServer.Tight, 2048, make: PageKinds.Lone);
        JsonElement frames = await server.GetAsync("/console/api/frames?region=spill&cells=500");
        long used = (await server.GetAsync("/console/api/figures"))
            .GetProperty("server").GetProperty("spill_used_bytes").GetInt64() / 4096;
        Dictionary<string, long> counts = Counts(frames);

        Assert.True(used > 0);
        Assert.Equal((16 << 20) / 4096, frames.GetProperty("total").GetInt64());
        Assert.InRange(counts["first"] + counts["both"], 1, (16 << 20) / 4096);
        Assert.InRange(Cells(frames), 1, 500);
    }

    [Fact]
    public async Task An_empty_server_has_a_map_too()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        JsonElement frames = await server.GetAsync("/console/api/frames?from=0&count=0");
        Assert.Equal(0, frames.GetProperty("count").GetInt64());
        Assert.Equal("", frames.GetProperty("cells").GetString());
        frames = await server.GetAsync("/console/api/frames?from=99999999&count=5");
        Assert.Equal(0, frames.GetProperty("looked").GetInt64());
    }

    [Theory]
    [InlineData("tenant=vm-none", HttpStatusCode.NotFound)]
    [InlineData("cells=0", HttpStatusCode.BadRequest)]
    [InlineData("cells=4097", HttpStatusCode.BadRequest)]
    [InlineData("from=-1", HttpStatusCode.BadRequest)]
    [InlineData("count=-1", HttpStatusCode.BadRequest)]
    [InlineData("from=many", HttpStatusCode.BadRequest)]
    [InlineData("region=moon", HttpStatusCode.BadRequest)]
    public async Task Wrong_questions_are_refused(string query, HttpStatusCode expected)
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        using HttpResponseMessage answer = await server.Http.GetAsync(
            new Uri($"/console/api/frames?{query}", UriKind.Relative));
        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task FillAsync(LoadedServer server)
    {
        await server.StoreAsync(LoadedServer.Wide, Pages);
        await server.StoreAsync(LoadedServer.Other, Pages / 2);

        // Holes: frames that keep only their first, or only their last.
        for (ulong slot = 0; slot < Pages; slot += 3)
        {
            await server.Area(LoadedServer.Wide).InvalidateAsync(slot);
        }
    }

    private static Dictionary<string, long> Counts(JsonElement frames) => frames.GetProperty("states").EnumerateArray()
        .Zip(frames.GetProperty("counts").EnumerateArray())
        .ToDictionary(one => one.First.GetString()!, one => one.Second.GetInt64(), StringComparer.Ordinal);

    private static int Cells(JsonElement frames) => frames.GetProperty("cells").GetString()?.Length
        ?? frames.GetProperty("blocks").GetArrayLength();
}
