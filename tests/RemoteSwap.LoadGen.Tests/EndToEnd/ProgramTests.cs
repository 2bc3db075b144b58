using System.Text.Json;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.Server;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.EndToEnd;

/// <summary>The program as its user sees it, on a real server.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("remoteswap-loadgen-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_main_job_swaps_real_pages_out_and_in_and_every_byte_is_right()
    {
        ProgramRun run = await ProgramRun.StartAsync(
            "--data", "8MiB", "--duration", "500ms", "--json", "--html", Path.Combine(_directory, "r.html"),
            "--hgrm", Path.Combine(_directory, "run"));

        Assert.True(run.ExitCode == ExitCode.Ok, run.Output + run.Error);
        Assert.Equal("clean", run.Json.GetProperty("verdict").GetProperty("result").GetString());
        Assert.Equal(0, run.Json.GetProperty("verdict").GetProperty("server_violations").GetArrayLength());
        Assert.InRange(run.Json.GetProperty("verdict").GetProperty("pages_compared").GetInt64(), 2_048, long.MaxValue);
        Assert.Equal(2_048, run.Json.GetProperty("memory").GetProperty("pages").GetInt64());
        Assert.InRange(run.Json.GetProperty("memory").GetProperty("pages_per_frame").GetDouble(), 1, 2);
        Assert.InRange(run.Json.GetProperty("pages").GetProperty("compression_ratio").GetDouble(), 1.2, 20);
        Assert.Equal(
            ["managed code", "native code", "text", "own memory"],
            run.Json.GetProperty("pages").GetProperty("kinds").EnumerateArray().Select(kind => Text(kind, "kind")),
            StringComparer.Ordinal);
        JsonElement[] phases = [.. run.Json.GetProperty("phases").EnumerateArray()];
        Assert.Equal(
            ["ping_store", "ping_load", "store", "load", "mixed_store", "mixed_load", "invalidate"],
            phases.Select(phase => Text(phase, "name")),
            StringComparer.Ordinal);
        Assert.All(
            phases.Where(phase => Text(phase, "name") is "store" or "load"),
            phase => Assert.InRange(phase.GetProperty("ceiling_ratio").GetDouble(), 0.001, 10));
        Assert.Contains("swap out: done, 2,048 pages", run.Error, StringComparison.Ordinal);
        string html = await File.ReadAllTextAsync(Path.Combine(_directory, "r.html"));
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_directory, "run-store.hgrm")));
    }

    [Fact]
    public async Task Tenants_areas_distributions_and_an_open_loop_work_together()
    {
        ProgramRun run = await ProgramRun.StartAsync(
            "--data", "4MiB", "--area-size", "16MiB", "--tenant", "vm1", "--tenant", "vm2", "--workers", "2",
            "--batch", "8", "--source", "synthetic:3", "--source", "synthetic:1", "--distribution", "scan",
            "--rate", "8000", "--count", "800", "--quiet", "--seed", "99");

        Assert.True(run.ExitCode == ExitCode.Ok, run.Output + run.Error);
        Assert.Contains("seed 99", run.Output, StringComparison.Ordinal);
        Assert.Contains("open loop at 8,000 pages/s, 2 tenants (vm1, vm2)", run.Output, StringComparison.Ordinal);
        Assert.Contains("every page came back right", run.Output, StringComparison.Ordinal);
        Assert.Contains("Open loop: latency counts from the intended start", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Refused_pages_are_a_failure_unless_asked_for_and_their_slots_are_empty()
    {
        string[] args =
            ["--data", "8MiB", "--memory", "2MiB", "--source", "synthetic:1", "--count", "600", "--json", "--quiet"];

        ProgramRun refused = await ProgramRun.StartAsync(args);
        ProgramRun allowed = await ProgramRun.StartAsync([.. args, "--allow-refusals"]);

        Assert.Equal(ExitCode.Failed, refused.ExitCode);
        Assert.True(allowed.ExitCode == ExitCode.Ok, allowed.Output + allowed.Error);
        JsonElement verdict = allowed.Json.GetProperty("verdict");
        Assert.Equal(0, verdict.GetProperty("pages_wrong").GetInt64());
        Assert.InRange(verdict.GetProperty("empty_as_expected").GetInt64(), 1_000, long.MaxValue);
    }

    [Fact]
    public async Task A_running_server_is_loaded_and_left_empty_but_stored_pages_are_not_overwritten_unasked()
    {
        await using PageServer server = await PageServer.StartAsync(
            ["--Server:Listen=127.0.0.1:0", "--Server:Management=127.0.0.1:0", "--Store:Limit=64MiB"]);
        string[] args =
        [
            "--server", server.GrpcAddress.ToString(), "--data", "1MiB", "--source", "synthetic:2", "--count", "300",
            "--json", "--quiet",
        ];

        ProgramRun first = await ProgramRun.StartAsync(args);
        Assert.True(first.ExitCode == ExitCode.Ok, first.Output + first.Error);

        await using Client.RemoteSwapConnection connection = Client.RemoteSwapConnection.Open(
            new Client.RemoteSwapClientOptions { Address = server.GrpcAddress });
        byte[] page = [.. Enumerable.Range(0, 4_096).Select(i => (byte)i)];
        await connection.Area(0).StoreAsync(5, page);

        ProgramRun second = await ProgramRun.StartAsync(args);
        Assert.Equal(ExitCode.Failed, second.ExitCode);
        Assert.Contains("stores 1 pages", second.Error, StringComparison.Ordinal);
        Assert.Contains("--overwrite", second.Error, StringComparison.Ordinal);
        Assert.Equal(Client.LoadOutcome.Loaded, await connection.Area(0).LoadAsync(5, page));

        ProgramRun third = await ProgramRun.StartAsync([.. args, "--overwrite"]);
        Assert.True(third.ExitCode == ExitCode.Ok, third.Output + third.Error);
        Assert.Equal(Client.LoadOutcome.NotFound, await connection.Area(0).LoadAsync(5, page));
    }

    [Fact]
    public async Task An_unknown_tenant_of_a_running_server_is_a_failure_that_names_it()
    {
        await using PageServer server = await PageServer.StartAsync(
            ["--Server:Listen=127.0.0.1:0", "--Server:Management=127.0.0.1:0", "--Store:Limit=64MiB"]);

        ProgramRun run = await ProgramRun.StartAsync("--server", server.GrpcAddress.ToString(), "--tenant", "nobody");

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("'nobody'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_in_69()
    {
        ProgramRun run = await ProgramRun.StartAsync("--server", "http://127.0.0.1:1");

        Assert.Equal(ExitCode.Unavailable, run.ExitCode);
        Assert.Contains("http://127.0.0.1:1", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--batch", "9999")]
    [InlineData("--frobnicate")]
    [InlineData("--data", "much")]
    public async Task Usage_errors_end_in_64(params string[] args)
    {
        ProgramRun run = await ProgramRun.StartAsync(args);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(args[^1], run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_source_that_is_not_there_is_a_failure_that_names_it()
    {
        ProgramRun run = await ProgramRun.StartAsync("--source", "files:/no/such/directory", "--quiet");

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("/no/such/directory", run.Error, StringComparison.Ordinal);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    [Fact]
    public async Task Help_and_version_are_results()
    {
        ProgramRun help = await ProgramRun.StartAsync("--help");
        ProgramRun version = await ProgramRun.StartAsync("--version");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (help.ExitCode, version.ExitCode));
        Assert.Contains("Examples", help.Output, StringComparison.Ordinal);
        Assert.NotEmpty(version.Output.Trim());
    }
}
