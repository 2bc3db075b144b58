using RemoteSwap.Cli.App;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>Why a page that was wanted is not there, and what to do.</summary>
internal static class LossWords
{
    /// <summary>The failure to end the command with.</summary>
    public static CommandFailedException Of(CommandRun run, ulong slot, LoadOutcome outcome)
    {
        (int exitCode, string reason) = outcome switch
        {
            LoadOutcome.NotFound => (
                ExitCode.Failed,
                "is empty: never stored, invalidated, refused, or lost with a server that was started anew; check --at,"
                + " --area, the tenant and the size, or give --allow-empty for zeros"),
            LoadOutcome.Corrupt => (
                ExitCode.VerificationFailed,
                "holds a page that did not verify, so no byte of it is handed out (a sealed page without its key, or"
                + " with another, looks so too); store it again from its source, and look into the server's log"),
            LoadOutcome.IoError => (
                ExitCode.Failed,
                "lies in the spill file, which the server could not read; try again, and check its disk"),
            LoadOutcome.Lost => (
                ExitCode.Failed, "held a page that went with the server's memory; store it again from its source"),
            _ => (ExitCode.Failed, "can not be had: the server no longer serves this tenant; its log says why"),
        };
        return new CommandFailedException(
            exitCode,
            $"slot {slot} of area {run.Area} of tenant '{run.Server.TenantOrDefault}' {reason}."
            + $" No file was made. [load outcome {outcome}]");
    }
}
