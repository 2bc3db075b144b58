using Grpc.Core;
using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Commands.Ping;
using RemoteSwap.Cli.Output;
using RemoteSwap.Client;
using RemoteSwap.Units;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Doctor;

/// <summary>Checks of the server: does it answer, is it of this version, is there room, is it fast enough.</summary>
/// <param name="run">The run.</param>
/// <param name="latencyWarn">From which p99 of an empty call on it is slow.</param>
/// <param name="latencyFail">From which p99 on it is too slow to swap to.</param>
internal sealed class ServerChecks(CommandRun run, TimeSpan latencyWarn, TimeSpan latencyFail)
{
    private const int Calls = 200;

    /// <summary>Makes them; those behind one that failed and that they need are left out.</summary>
    public async Task<IReadOnlyList<CheckResult>> RunAsync()
    {
        const string Name = "server";
        ListTenantsResponse reply;
        try
        {
            using AdminLink admin = run.OpenAdmin();
            reply = await admin.SeeAsync(run.Server.Tenant, run.Stop);
        }
        catch (CommandFailedException failed) when (
            failed.InnerException is RpcException { StatusCode: StatusCode.PermissionDenied or StatusCode.NotFound })
        {
            // It knows us, and not as this tenant.
            return
            [
                Answers(Name),
                CheckResult.Fail("tenant", failed.Message, "name the tenant of your credential in the URI"),
                await LatencyAsync(),
            ];
        }
        catch (CommandFailedException failed)
        {
            return [CheckResult.Fail(Name, failed.Message, "start it, or name another one with --server")];
        }

        return
        [
            Answers(Name),
            .. reply.Server is { } seen ? (CheckResult[])[Version(seen.Version)] : [],
            Tenant(reply),
            await LatencyAsync(),
        ];
    }

    private CheckResult Answers(string name) =>
        CheckResult.Ok(name, $"{run.Server.WithTenant(null)} answers");

    private static CheckResult Version(string server)
    {
        const string Name = "version";
        string tool = ProductVersion.Short(ProductVersion.Text);
        string found = $"server {ProductVersion.Short(server)}, this tool {tool}";
        return MajorMinor(server) == MajorMinor(ProductVersion.Text)
            ? CheckResult.Ok(Name, found)
            : CheckResult.Warn(Name, found, "use the same version on both sides; the wire contract may have grown");
    }

    private static string MajorMinor(string version) => string.Join('.', version.Split('.').Take(2));

    private CheckResult Tenant(ListTenantsResponse reply)
    {
        const string Name = "tenant";
        string name = reply.Server is null ? reply.Tenants[0].Tenant : run.Server.TenantOrDefault;
        TenantStatistics? tenant = reply.Tenants.FirstOrDefault(one => one.Tenant == name);
        string full = tenant is null
            ? ""
            : $"{Amount.Bytes(tenant.UsedBytes)} of {Amount.Bytes(tenant.LimitBytes)} used";
        return tenant switch
        {
            null => CheckResult.Fail(
                Name,
                $"the server has no tenant '{name}'",
                $"name one of {string.Join(", ", reply.Tenants.Select(one => $"'{one.Tenant}'"))} in the URI, or "
                + $"configure it (Tenants:{name}:Limit)"),
            { Poisoned: true } => CheckResult.Fail(
                Name,
                $"'{name}' failed an internal check and is not served",
                "see the server's log, and start it anew"),
            { Enabled: false } => CheckResult.Fail(
                Name, $"'{name}' takes no new pages", $"`remoteswap tenants enable {name}`"),
            { ReachedLimit: true } => CheckResult.Warn(
                Name,
                $"'{name}' is at its limit: {full}",
                $"`remoteswap tenants set-limit {name} SIZE`, or `remoteswap reclaim {name} --frames N`"),
            _ => CheckResult.Ok(Name, $"'{name}' takes pages: {full}"),
        };
    }

    private async Task<CheckResult> LatencyAsync()
    {
        const string Name = "latency";
        await using RemoteSwapConnection connection = run.OpenConnection(streams: 1);
        PingSeries series = new(connection, run.Surroundings.Time);
        try
        {
            await series.ConnectAsync(run.Stop);
            await series.RunAsync(Calls, TimeSpan.Zero, each: null, run.Stop);
        }
        catch (RemoteSwapException failed)
        {
            return CheckResult.Fail(
                Name, failed.Message, "the admin service answers and the page service does not; compare the versions");
        }

        TimeSpan p99 = TimeSpan.FromMicroseconds(series.Samples.Percentile(99));
        TimeSpan p50 = TimeSpan.FromMicroseconds(series.Samples.Percentile(50));
        string found = $"an empty call takes {DurationText.Format(p50)} (p50), {DurationText.Format(p99)} (p99)";
        const string Change = "look for a busy host or a long way between: `remoteswap ping --latency -n 0`";
        return p99 >= latencyFail
            ? CheckResult.Fail(Name, $"{found}; {DurationText.Format(latencyFail)} is too slow to swap to", Change)
            : p99 >= latencyWarn
                ? CheckResult.Warn(Name, $"{found}; {DurationText.Format(latencyWarn)} is slow", Change)
                : CheckResult.Ok(Name, found);
    }
}
