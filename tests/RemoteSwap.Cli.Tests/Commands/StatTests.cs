using System.Globalization;
using System.Text.Json;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

public sealed class StatTests(TestServer server) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_table_has_a_line_a_tenant_and_one_for_the_server()
    {
        await PutTextAsync("stat", pages: 12);

        CliRun one = (await CliRun.StartAsync("stat", "-s", server.Of("stat"))).Expect(ExitCode.Ok);
        CliRun all = (await CliRun.StartAsync("stat", "--all", "-s", server.Of("stat"))).Expect(ExitCode.Ok);

        string[] lines = one.Output.Split('\n');
        Assert.Equal(
            "TENANT LIMIT USED FRAMES DENSITY PAGES SAME-FILLED RATIO HIT-LIMIT WRITTEN-BACK EVICTED".Split(' '),
            lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches(@"^stat +32MiB +\d+KiB +6 +2\.00 +13 +1 +\d+\.\d\d +0 +0 +0$", lines[1]);
        Assert.Matches(@"^server .+ of 64MiB used, .+ committed, .+ resident, spill .+ of 16MiB$", lines[2]);
        Assert.True(all.Output.Split('\n').Length > 15, all.Output);
    }

    [Fact]
    public async Task Json_has_every_counter_under_the_kernels_names()
    {
        await PutTextAsync("json", pages: 4);

        CliRun run = (await CliRun.StartAsync("stat", "--json", "-s", server.Of("json"))).Expect(ExitCode.Ok);

        Assert.Equal("remoteswap.stat/1", run.Schema);
        Assert.Equal(64 << 20, run.Json.GetProperty("server").GetProperty("limit_bytes").GetInt64());
        JsonElement tenant = Assert.Single(run.Json.GetProperty("tenants").EnumerateArray().ToArray());
        Assert.Equal(5, tenant.GetProperty("pages").GetInt32());
        Assert.Equal(2, tenant.GetProperty("density").GetDouble());
        string[] names = ["pool_limit_hit", "reject_reclaim_fail", "reject_kmemcache_fail", "duplicate_entry", "stale"];
        Assert.All(names, name => Assert.Equal(0, tenant.GetProperty(name).GetInt64()));
    }

    [Fact]
    public async Task A_field_is_one_number_and_any_name_of_the_json_is_a_field()
    {
        await PutTextAsync("field", pages: 4);
        CliRun json = await CliRun.StartAsync("stat", "--json", "-s", server.Of("field"));

        CliRun density = (await CliRun.StartAsync("stat", "--field", "density", "-s", server.Of("field")))
            .Expect(ExitCode.Ok);
        Assert.Equal(2, double.Parse(density.Output, CultureInfo.InvariantCulture));
        foreach (JsonProperty figure in json.Json.GetProperty("tenants")[0].EnumerateObject())
        {
            if (figure.Name != "tenant")
            {
                CliRun run = await CliRun.StartAsync("stat", "--field", figure.Name, "-s", server.Of("field"));
                Assert.Equal(figure.Value.GetRawText() + "\n", run.Expect(ExitCode.Ok).Output);
            }
        }
    }

    [Fact]
    public async Task A_field_needs_one_tenant()
    {
        CliRun run = (await CliRun.StartAsync("stat", "--field", "density", "-s", server.Root)).Expect(ExitCode.Usage);

        Assert.Contains(server.Root + "/TENANT", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_shows_it_again_one_json_line_each()
    {
        CliRun run = (await CliRun.StartAsync(
            "stat", "--watch", "10ms", "--count", "3", "--json", "-s", server.Of("ping"))).Expect(ExitCode.Ok);

        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line =>
            Assert.Equal("remoteswap.stat/1", JsonDocument.Parse(line).RootElement.GetProperty("schema").GetString()));
    }

    [Fact]
    public async Task Ctrl_c_is_how_a_watch_ends()
    {
        CliRun run = await CliRun.StopAtFirstLineAsync("stat", "--watch", "60", "-s", server.Of("ping"));

        Assert.StartsWith("TENANT", run.Expect(ExitCode.Ok).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_tenant_and_a_missing_server_are_told_apart()
    {
        CliRun unknown = (await CliRun.StartAsync("stat", "-s", server.Of("nobody"))).Expect(ExitCode.Failed);
        CliRun missing = (await CliRun.StartAsync("stat", "-s", "remoteswap+unix:///a?socket=/tmp/no-such.sock"))
            .Expect(ExitCode.Unavailable);

        Assert.Contains("no tenant 'nobody'; it has 'ask'", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("/tmp/no-such.sock", missing.Error, StringComparison.Ordinal);
        Assert.Contains("[gRPC Unavailable", missing.Error, StringComparison.Ordinal);
    }

    // Pages that compress to less than half, each another one, and one page of zeros.
    private async Task PutTextAsync(string tenant, int pages)
    {
        byte[] content = new byte[(pages + 1) * 4_096];
        Random random = new(5);
        for (int page = 0; page < pages; page++)
        {
            random.NextBytes(content.AsSpan(page * 4_096, 1_000));
        }

        await File.WriteAllBytesAsync(_folder.File("in"), content);
        (await CliRun.StartAsync("put", _folder.File("in"), "-s", server.Of(tenant))).Expect(ExitCode.Ok);
    }
}
