using System.CommandLine;
using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Cli.Parsing;

namespace RemoteSwap.Cli.Commands.Doctor;

/// <summary>Looks for what would go wrong when this host swaps to the server, and says what to change.</summary>
internal sealed class DoctorCommand : CliCommand
{
    private readonly Option<TimeSpan> _device = ValueReader.Duration(
        "--device-timeout", "time-out of the block device, to compare --timeout with  [30s]", TimeSpan.FromSeconds(30));

    private readonly Option<TimeSpan> _latencyWarn = ValueReader.Duration(
        "--latency-warn", "an empty call's p99 from which on it is slow  [5ms]", TimeSpan.FromMilliseconds(5));

    private readonly Option<TimeSpan> _latencyFail = ValueReader.Duration(
        "--latency-fail", "and from which on it is too slow to swap to  [100ms]", TimeSpan.FromMilliseconds(100));

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "doctor",
        CommandGroup.Server,
        "what is wrong with server and host",
        "remoteswap doctor -s remoteswap://host/vm7")
    {
        Notes =
        [
            "Looks at certificates, token (believed, expiry, mode), the server (reachable, version, tenant, latency),",
            "this host (memory lock, open files, overcommit, swappiness, swapping to its own server) and time-outs",
            "(--timeout < --device-timeout < kernel.hung_task_timeout_secs; of nbd: connect < --timeout < the server's",
            "Store:Lease + Store:AbandonedFor). Changes nothing.",
        ],
        MoreExamples = ["remoteswap doctor --json | jq '.checks[] | select(.state != \"ok\")'"],
        ExitCodes = "0 nothing fails (warnings may be), 2 something fails, 64 usage, 130 stopped",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Json | SharedSet.Color;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_device, _latencyWarn, _latencyFail];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        HostFacts facts = new(run.Surroundings.SystemRoot);
        ServerChecks server = new(run, run.Value(_latencyWarn), run.Value(_latencyFail));
        CheckResult[] checks =
        [
            .. await new CredentialChecks(run).RunAsync(),
            .. await server.RunAsync(),
            .. HostChecks.Run(facts, run.Server.IsLocal),
            .. TimeoutChecks.Run(
                facts,
                run.CallDeadline,
                run.Value(_device),
                stall: run.IsTimeoutGiven ? run.CallDeadline : TimeoutLadder.DefaultStall,
                await TryKeptForAsync(run)),
        ];
        DoctorDocument document = new(run.Server.ToString(), checks.Max(check => check.State), checks);
        if (run.Json)
        {
            run.WriteJson(document, CliJsonContext.Default.DoctorDocument);
        }
        else
        {
            DoctorReport.Write(document, run.Output, run.Colors);
        }

        return document.State == CheckState.Fail ? ExitCode.ConditionFalse : ExitCode.Ok;
    }

    private static async Task<TimeSpan?> TryKeptForAsync(CommandRun run)
    {
        try
        {
            using AdminLink admin = run.OpenAdmin();
            return await admin.KeptForAsync(run.Server.TenantOrDefault, run.Stop);
        }
        catch (CommandFailedException)
        {
            return null;
        }
    }
}
