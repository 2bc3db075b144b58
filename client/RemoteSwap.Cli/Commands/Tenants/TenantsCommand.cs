using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;

namespace RemoteSwap.Cli.Commands.Tenants;

/// <summary>Lists tenants; what changes them stands below it.</summary>
internal sealed class TenantsCommand : CliCommand
{
    private readonly CliCommand[] _below = [new SetLimitCommand(), new EnableCommand(true), new EnableCommand(false)];

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "tenants",
        CommandGroup.Tenants,
        "list them; set-limit, enable, disable",
        "remoteswap tenants set-limit vm7 8GiB")
    {
        Notes =
        [
            "STATE: open; full (at its limit, until usage falls to ACCEPT-AT of it); disabled; broken (an internal",
            "check failed; see the server's log). Changes last until the server ends: put them into its settings too.",
        ],
        MoreExamples = ["remoteswap tenants --json | jq -r '.tenants[].tenant'"],
    };

    /// <inheritdoc/>
    public override IReadOnlyList<CliCommand> Subcommands => _below;

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        using AdminLink admin = run.OpenAdmin();
        TenantRow[] rows = [.. (await admin.ListAsync(run.Stop)).Tenants.Select(TenantRow.Of)];
        if (run.Json)
        {
            TenantsDocument document = new(run.Server.WithTenant(null).ToString(), rows);
            run.WriteJson(document, CliJsonContext.Default.TenantsDocument);
        }
        else
        {
            TenantTable.Write(rows, run.Output);
        }

        return ExitCode.Ok;
    }
}
