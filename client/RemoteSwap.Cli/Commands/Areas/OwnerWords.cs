using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Client;
using RemoteSwap.Units;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Areas;

/// <summary>Says that somebody else owns an area: who, for how long it has been silent, and what to do.</summary>
internal static class OwnerWords
{
    /// <summary>The failure where an attach was refused because the area has an owner.</summary>
    /// <param name="run">The run.</param>
    /// <param name="reply">The refusal.</param>
    /// <param name="change">What to do.</param>
    public static CommandFailedException Held(CommandRun run, AttachReply reply, string change) => new(
        ExitCode.Permission, $"{Place(run)} is held by {Who(reply.Holder, reply.HolderSilentFor)}; {change}");

    /// <summary>
    /// The failure where a request was refused because the area has an owner. Asks the server who that is; without an
    /// answer it says less.
    /// </summary>
    public static async Task<CommandFailedException> FencedAsync(CommandRun run)
    {
        AreaRow? area = await TryFindAsync(run);
        string owner = area is null ? "somebody" : Who(area.Holder, area.SilentFor);
        return new CommandFailedException(
            ExitCode.Permission,
            $"{Place(run)} is owned by {owner}, and only its owner may use it; stop that device with --detach, or wait "
            + "until it is an orphan that is dropped (`remoteswap areas`), or give another --area");
    }

    /// <summary>An area, for messages.</summary>
    public static string Place(CommandRun run) =>
        $"area {run.Area} of tenant '{run.Server.TenantOrDefault}' at {run.Server.WithTenant(null)}";

    private static string Who(string holder, TimeSpan silentFor) =>
        $"'{(holder.Length > 0 ? holder : "somebody without a name")}', "
        + (silentFor > TimeSpan.Zero ? $"not heard of for {DurationText.Format(silentFor)}" : "heard of just now");

    private static async Task<AreaRow?> TryFindAsync(CommandRun run)
    {
        try
        {
            using AdminLink admin = run.OpenAdmin();
            ListAreasResponse listed = await admin.ListAreasAsync(run.Server.TenantOrDefault, run.Stop);
            return listed.Areas.Where(one => one.Area == run.Area).Select(AreaRow.Of).FirstOrDefault();
        }
        catch (Exception failed) when (failed is CommandFailedException or OperationCanceledException)
        {
            return null;
        }
    }
}
