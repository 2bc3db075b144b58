using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Units;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Drain;

/// <summary>Has a server write all pages to its state folder and end, so that it can be started again.</summary>
internal sealed class DrainCommand : CliCommand
{
    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "drain", CommandGroup.Server, "stop the server; a restart has all pages", "remoteswap drain")
    {
        Notes =
        [
            "Needs a server with a state folder (its option --state); SIGTERM does the same. The server takes no new",
            "pages, finishes what runs, writes everything, and ends with exit code 0. Started again with the same",
            "folder it has all pages, and devices go on: to their guests it was a stall. The server says on its",
            "standard error how far it is and how long it took.",
        ],
    };

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        using AdminLink admin = run.OpenAdmin();
        DrainResponse drain = await admin.DrainAsync(run.Stop);
        if (run.Json)
        {
            DrainDocument document = new(run.Server.ToString(), drain.StoredPages, drain.UsedBytes);
            run.WriteJson(document, CliJsonContext.Default.DrainDocument);
        }
        else
        {
            ByteSize used = new((long)drain.UsedBytes);
            run.Output.WriteLine($"draining: the server writes {drain.StoredPages} pages ({used}) and ends");
        }

        return ExitCode.Ok;
    }
}
