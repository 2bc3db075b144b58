using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;

namespace RemoteSwap.Cli.Commands.Areas;

/// <summary>Lists who owns which area, and areas whose owner has gone silent.</summary>
internal sealed class AreasCommand : CliCommand
{
    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "areas", CommandGroup.Tenants, "who owns which area, and who is silent", "remoteswap areas")
    {
        Notes =
        [
            "Lists areas with an owner: all of the server's, or those of the tenant that the URI names. STATE: owned;",
            "orphaned (the owner has been SILENT for longer than its lease; the pages are dropped after FREED-IN,",
            "unless it comes back). `remoteswap nbd --take-over` takes an area from its owner; its pages stay.",
        ],
        MoreExamples = ["remoteswap areas --json | jq -r '.areas[] | select(.state == \"orphaned\") | .holder'"],
    };

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        using AdminLink admin = run.OpenAdmin();
        AreaRow[] rows =
            [.. (await admin.ListAreasAsync(run.Server.Tenant ?? "", run.Stop)).Areas.Select(AreaRow.Of)];
        if (run.Json)
        {
            run.WriteJson(new AreasDocument(run.Server.ToString(), rows), CliJsonContext.Default.AreasDocument);
        }
        else
        {
            AreaTable.Write(rows, run.Output);
        }

        return ExitCode.Ok;
    }
}
