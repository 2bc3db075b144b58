using System.Text.Json;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

/// <summary>What changes tenants, and what frees their memory.</summary>
public sealed class TenantTests(TestServer server) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tenants_are_listed_as_a_table_and_as_json()
    {
        CliRun table = (await CliRun.StartAsync("tenants", "-s", server.Root)).Expect(ExitCode.Ok);
        CliRun json = (await CliRun.StartAsync("tenants", "-s", server.Root, "--json")).Expect(ExitCode.Ok);

        Assert.Matches(@"^TENANT +STATE +GUARANTEE +LIMIT +WEIGHT +USED +ACCEPT-AT +PAGES\n", table.Output);
        Assert.Equal("remoteswap.tenants/1", json.Schema);
        Assert.Contains(
            json.Json.GetProperty("tenants").EnumerateArray(),
            tenant => tenant.GetProperty("tenant").GetString() == TestServer.Small
                && tenant.GetProperty("limit_bytes").GetInt64() == 1 << 20);
    }

    [Fact]
    public async Task A_limit_is_set_and_shown()
    {
        CliRun run = (await CliRun.StartAsync(
            "tenants", "set-limit", "limits", "16M", "--accept-threshold", "75", "-s", server.Root, "--json"))
            .Expect(ExitCode.Ok);

        Assert.Equal("remoteswap.tenant/1", run.Schema);
        JsonElement tenant = run.Json.GetProperty("tenant");
        Assert.Equal(16 << 20, tenant.GetProperty("limit_bytes").GetInt64());
        Assert.Equal(75, tenant.GetProperty("accept_threshold_percent").GetInt32());

        await CliRun.StartAsync("put", _folder.Random("in", 2 << 20), "-s", server.Of("limits"));
        CliRun below = (await CliRun.StartAsync("tenants", "set-limit", "limits", "1MiB", "-s", server.Root))
            .Expect(ExitCode.Ok);
        Assert.Contains("more than its limit", below.Error, StringComparison.Ordinal);
        Assert.Contains("1MiB", below.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quota_is_set_without_a_limit_and_shown_by_stat()
    {
        (await CliRun.StartAsync(
            "tenants", "set-limit", "fair", "--calls", "5000", "--in-flight", "64MiB", "-s", server.Root))
            .Expect(ExitCode.Ok);
        CliRun nothing = (await CliRun.StartAsync("tenants", "set-limit", "fair", "-s", server.Root))
            .Expect(ExitCode.Usage);
        CliRun calls = (await CliRun.StartAsync(
            "stat", "--field", "quota_calls_per_second", "-s", server.Of("fair"))).Expect(ExitCode.Ok);
        CliRun inFlight = (await CliRun.StartAsync(
            "stat", "--field", "quota_in_flight_bytes", "-s", server.Of("fair"))).Expect(ExitCode.Ok);

        Assert.Contains("nothing is to be set", nothing.Error, StringComparison.Ordinal);
        Assert.Equal(("5000", $"{64 << 20}"), (calls.Output.Trim(), inFlight.Output.Trim()));
        (await CliRun.StartAsync("tenants", "set-limit", "fair", "--calls", "0", "-s", server.Root))
            .Expect(ExitCode.Ok);
    }

    [Fact]
    public async Task A_guarantee_and_a_weight_are_set_and_stay_when_only_the_limit_is_set()
    {
        CliRun set = (await CliRun.StartAsync(
            "tenants", "set-limit", "fair", "16MiB", "--guarantee", "2MiB", "--weight", "300", "-s", server.Root))
            .Expect(ExitCode.Ok);
        CliRun limit = (await CliRun.StartAsync("tenants", "set-limit", "fair", "8MiB", "-s", server.Root, "--json"))
            .Expect(ExitCode.Ok);
        CliRun above = (await CliRun.StartAsync(
            "tenants", "set-limit", "fair", "8MiB", "--guarantee", "9MiB", "-s", server.Root))
            .Expect(ExitCode.Failed);

        Assert.Matches(@"fair +open +2MiB +16MiB +300 ", set.Output);
        JsonElement tenant = limit.Json.GetProperty("tenant");
        Assert.Equal(2 << 20, tenant.GetProperty("guarantee_bytes").GetInt64());
        Assert.Equal(300, tenant.GetProperty("weight").GetInt32());
        Assert.Contains("guarantee", above.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frames_are_marked_as_idle_and_none_is_that_was_just_used()
    {
        await CliRun.StartAsync("put", _folder.Random("in", 20 * 4_096), "-s", server.Of("idle"));

        CliRun young = (await CliRun.StartAsync("mark-idle", "idle", "--age", "1h", "-s", server.Root))
            .Expect(ExitCode.Ok);
        CliRun all = (await CliRun.StartAsync("mark-idle", "--all", "-s", server.Of("idle"), "--json"))
            .Expect(ExitCode.Ok);
        CliRun again = (await CliRun.StartAsync("mark-idle", "--all", "-s", server.Of("idle"))).Expect(ExitCode.Ok);

        Assert.Equal("marked 0 frames that were not used for 60.0 min\n", young.Output);
        Assert.Equal("remoteswap.mark-idle/1", all.Schema);
        Assert.Equal(20, all.Json.GetProperty("frames_marked").GetInt32());
        Assert.Equal("marked 20 frames\n", again.Output);
    }

    [Fact]
    public async Task A_device_is_refused_a_cache_and_leaves_nothing_behind()
    {
        CliRun refused = (await ToolProcess.RunAsync(
            server.Of(TestServer.Cache), "nbd", "--size", "1MiB", "--run", "true")).Expect(ExitCode.Failed);
        CliRun areas = (await CliRun.StartAsync("areas", "-s", server.Of(TestServer.Cache), "--json"))
            .Expect(ExitCode.Ok);

        Assert.Contains("is a cache", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Retention", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(
            areas.Json.GetProperty("areas").EnumerateArray(),
            area => area.GetProperty("tenant").GetString() == TestServer.Cache);
    }

    [Fact]
    public async Task A_disabled_tenant_refuses_pages_with_the_way_out_and_takes_them_again_when_enabled()
    {
        string file = _folder.Random("in", 4_096);
        (await CliRun.StartAsync("tenants", "disable", "switch", "-s", server.Root)).Expect(ExitCode.Ok);

        CliRun refused = (await CliRun.StartAsync("put", file, "-s", server.Of("switch"))).Expect(ExitCode.Failed);
        Assert.Contains("remoteswap tenants enable switch", refused.Error, StringComparison.Ordinal);

        CliRun enabled = (await CliRun.StartAsync("tenants", "enable", "switch", "-s", server.Root))
            .Expect(ExitCode.Ok);
        Assert.Matches("switch +open", enabled.Output);
        (await CliRun.StartAsync("put", file, "-s", server.Of("switch"))).Expect(ExitCode.Ok);
    }

    [Fact]
    public async Task An_unknown_tenant_and_a_wrong_limit_are_failures_with_value_and_code()
    {
        CliRun nobody = (await CliRun.StartAsync("tenants", "enable", "nobody", "-s", server.Root))
            .Expect(ExitCode.Failed);
        CliRun tiny = (await CliRun.StartAsync("tenants", "set-limit", "shut", "4KiB", "-s", server.Root))
            .Expect(ExitCode.Failed);

        Assert.Contains("tenant 'nobody'", nobody.Error, StringComparison.Ordinal);
        Assert.Contains("[gRPC NotFound: ", nobody.Error, StringComparison.Ordinal);
        Assert.Contains("4096", tiny.Error, StringComparison.Ordinal);
        Assert.Contains("[gRPC InvalidArgument: limit_bytes", tiny.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reclaim_writes_frames_back_and_loses_nothing()
    {
        string file = _folder.Random("in", 100 * 4_096);
        await CliRun.StartAsync("put", file, "-s", server.Of("spill"));

        CliRun freed = (await CliRun.StartAsync("reclaim", "--frames", "40", "-s", server.Of("spill"), "--json"))
            .Expect(ExitCode.Ok);
        Assert.Equal("remoteswap.reclaim/1", freed.Schema);
        Assert.Equal("freed", freed.Json.GetProperty("outcome").GetString());
        Assert.InRange(freed.Json.GetProperty("frames_freed").GetInt32(), 40, 100);

        CliRun written = await CliRun.StartAsync("stat", "--field", "written-back-pages", "-s", server.Of("spill"));
        Assert.InRange(int.Parse(written.Output), 40, 100);
        (await CliRun.StartAsync("get", _folder.File("out"), "--pages", "100", "-s", server.Of("spill")))
            .Expect(ExitCode.Ok);
        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(_folder.File("out")));
    }

    [Fact]
    public async Task Compact_merges_half_empty_frames_and_loses_nothing()
    {
        // Pages that lie two to a frame, of which the first of each two goes.
        byte[] content = new byte[40 * 4_096];
        Random random = new(6);
        for (int page = 0; page < 40; page++)
        {
            random.NextBytes(content.AsSpan(page * 4_096, 1_000));
        }

        await File.WriteAllBytesAsync(_folder.File("thin"), content);
        await CliRun.StartAsync("put", _folder.File("thin"), "-s", server.Of("thin"));
        string[] even = [.. Enumerable.Range(0, 20).Select(slot => $"{2 * slot}")];
        (await CliRun.StartAsync(["invalidate", .. even, "-s", server.Of("thin")])).Expect(ExitCode.Ok);

        CliRun one = (await CliRun.StartAsync("compact", "thin", "--frames", "1", "-s", server.Root, "--json"))
            .Expect(ExitCode.Ok);
        CliRun rest = (await CliRun.StartAsync("compact", "-s", server.Of("thin"))).Expect(ExitCode.Ok);

        Assert.Equal("remoteswap.compact/1", one.Schema);
        Assert.Equal(1, one.Json.GetProperty("frames_merged").GetInt32());
        Assert.Matches(@"^merged 9 frames, moved \d+; density 1\.05 became 2\.00; .+ given back$", rest.Output.Trim());
    }

    [Fact]
    public async Task Reclaim_of_a_named_tenant_that_has_nothing_fails_and_says_why()
    {
        CliRun run = (await CliRun.StartAsync("reclaim", "shut", "--frames", "3", "-s", server.Of("spill")))
            .Expect(ExitCode.Failed);

        Assert.Equal("freed 0 of 3 frames, wrote 0 pages back\n", run.Output);
        Assert.Contains("3 frames of tenant 'shut'", run.Error, StringComparison.Ordinal);
        Assert.Contains("[reclaim outcome NothingToReclaim]", run.Error, StringComparison.Ordinal);
    }
}
