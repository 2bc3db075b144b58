using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

public sealed class DoctorTests(TestServer server) : IDisposable
{
    // A shared machine may be slow; that is no matter of these tests.
    private static readonly string[] s_patient = ["--latency-warn", "50s", "--latency-fail", "60s"];

    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task A_healthy_host_and_server_are_ok_in_every_check()
    {
        WriteHost();

        CliRun run = (await DoctorAsync("--json", "-s", server.Of("doctor"))).Expect(ExitCode.Ok);

        Assert.Equal("remoteswap.doctor/1", run.Schema);
        Assert.Equal("ok", run.Json.GetProperty("state").GetString());
        Dictionary<string, string> states = States(run);
        Assert.All(states, check => Assert.True(check.Value == "ok", run.Output));
        Assert.Equal(
            [
                "transport", "server", "version", "tenant", "latency", "memory_lock", "open_files", "overcommit",
                "swappiness", "own_host_swap", "timeouts_connect_stall", "timeouts_stall_server",
                "timeouts_call_device", "timeouts_device_kernel",
            ],
            states.Keys);
    }

    [Fact]
    public async Task What_is_wrong_with_the_host_comes_with_what_to_change()
    {
        WriteHost(locked: "65536", files: "100", overcommit: 2, swappiness: 0, swap: "/dev/nbd0");

        CliRun run = (await DoctorAsync("-s", server.Of("doctor"))).Expect(ExitCode.ConditionFalse);

        Assert.Matches(@"warn  memory_lock +only 64 KiB of memory may be locked", run.Output);
        Assert.Matches(@"FAIL  open_files +only 100 files", run.Output);
        Assert.Matches(@"warn  overcommit +vm.overcommit_memory is 2", run.Output);
        Assert.Matches(@"warn  swappiness +vm.swappiness is 0", run.Output);
        Assert.Matches(@"FAIL  own_host_swap +this host swaps to /dev/nbd0", run.Output);
        Assert.Equal(5, run.Output.Split("change: ").Length - 1);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task The_ladder_of_timeouts_is_checked()
    {
        WriteHost();

        CliRun inverted = (await DoctorAsync(
            "--json", "--timeout", "40s", "--device-timeout", "30s", "-s", server.Of("doctor")))
            .Expect(ExitCode.ConditionFalse);
        CliRun tight = (await DoctorAsync(
            "--json", "--timeout", "20s", "--device-timeout", "3m", "-s", server.Of("doctor"))).Expect(ExitCode.Ok);

        Assert.Equal("fail", States(inverted)["timeouts_call_device"]);
        Assert.Equal("ok", States(tight)["timeouts_call_device"]);
        Assert.Equal("warn", States(tight)["timeouts_device_kernel"]);

        CliRun longest = (await DoctorAsync(
            "--json", "--timeout", "3600s", "--device-timeout", "168h", "-s", server.Of("doctor"))).Expect(ExitCode.Ok);
        CliRun shortest = (await DoctorAsync("--json", "--timeout", "40ms", "-s", "remoteswap://127.0.0.1:1/a"))
            .Expect(ExitCode.ConditionFalse);
        Assert.Equal("ok", States(longest)["timeouts_stall_server"]);
        Assert.Equal(
            ("fail", "warn"), (States(shortest)["timeouts_connect_stall"], States(shortest)["timeouts_stall_server"]));
    }

    [Fact]
    public async Task A_missing_server_a_missing_tenant_and_a_slow_server_fail()
    {
        WriteHost();

        CliRun missing = (await DoctorAsync("--json", "-s", "remoteswap://127.0.0.1:1/a", "--timeout", "2s"))
            .Expect(ExitCode.ConditionFalse);
        CliRun nobody = (await DoctorAsync("--json", "-s", server.Of("nobody"))).Expect(ExitCode.ConditionFalse);
        CliRun slow = (await CliRun.StartAsync(
            ["doctor", "--latency-fail", "1us", "--json", "-s", server.Of("doctor")],
            around => around with { SystemRoot = _root.Root })).Expect(ExitCode.ConditionFalse);

        Assert.Equal("fail", States(missing)["server"]);
        Assert.DoesNotContain("latency", States(missing).Keys);
        Assert.Equal(("fail", "ok"), (States(nobody)["tenant"], States(nobody)["server"]));
        Assert.Equal("fail", States(slow)["latency"]);
    }

    [Fact]
    public async Task A_host_that_hides_its_settings_is_a_warning()
    {
        CliRun run = (await DoctorAsync("--json", "-s", server.Of("doctor"))).Expect(ExitCode.Ok);

        Assert.All(
            ["memory_lock", "open_files", "overcommit", "swappiness"],
            name => Assert.Equal("warn", States(run)[name]));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("1", false)]
    public async Task Colours_are_for_terminals_that_want_them(string? noColor, bool expected)
    {
        CliRun run = await CliRun.StartAsync(
            ["doctor", .. s_patient, "-s", server.Of("doctor")],
            around => around with
            {
                SystemRoot = _root.Root,
                IsOutputTerminal = true,
                Variable = name => name == "NO_COLOR" ? noColor : null,
            });

        Assert.Equal(expected, run.Output.Contains('\u001b', StringComparison.Ordinal));
    }

    private Task<CliRun> DoctorAsync(params string[] args) => CliRun.StartAsync(
        ["doctor", .. s_patient, .. args], around => around with { SystemRoot = _root.Root });

    private static Dictionary<string, string> States(CliRun run) => run.Json.GetProperty("checks").EnumerateArray()
        .ToDictionary(
            check => check.GetProperty("name").GetString()!,
            check => check.GetProperty("state").GetString()!,
            StringComparer.Ordinal);

    private void WriteHost(
        string locked = "unlimited",
        string files = "65536",
        int overcommit = 0,
        int swappiness = 60,
        string swap = "/swap.img")
    {
        _root.Text(
            "proc/self/limits",
            $"""
            Limit                     Soft Limit           Hard Limit           Units
            Max open files            {files,-20} 1048576              files
            Max locked memory         {locked,-20} unlimited            bytes

            """);
        _root.Text("proc/sys/vm/overcommit_memory", $"{overcommit}\n");
        _root.Text("proc/sys/vm/swappiness", $"{swappiness}\n");
        _root.Text("proc/sys/kernel/hung_task_timeout_secs", "120\n");
        _root.Text("proc/swaps", $"Filename\t\t\t\tType\t\tSize\n{swap}    partition\t1000\n");
    }
}
