using System.CommandLine;
using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Units;

namespace RemoteSwap.Cli.Commands.Reclaim;

/// <summary>Marks a tenant's frames that were not used for a time: reclaim takes them first.</summary>
internal sealed class MarkIdleCommand : CliCommand
{
    private static readonly TimeSpan s_age = TimeSpan.FromHours(1);

    private readonly Argument<string?> _tenant = new("TENANT")
    {
        Description = "the tenant, instead of the one in the URI",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<TimeSpan> _age = ValueReader.Duration(
        "--age", "frames are idle that were not used for so long, up to 17h  [1h]", s_age);

    private readonly Option<bool> _all = ValueReader.Switch("--all", "all frames, however lately they were used");

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "mark-idle", CommandGroup.Tenants, "mark frames that reclaim takes first", "remoteswap mark-idle vm7 --age 2h")
    {
        Notes =
        [
            "No page goes by it. A store or a load of a page ends its frame's mark. Ages are whole minutes.",
        ],
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Json | SharedSet.Quiet;

    /// <inheritdoc/>
    public override IReadOnlyList<Argument> Arguments => [_tenant];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_age, _all];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        string tenant = run.Value(_tenant) ?? run.ClientOptions(streams: 0).Tenant;
        ulong seconds = run.Value(_all) ? 0 : (ulong)Math.Ceiling(run.Value(_age).TotalSeconds);
        using AdminLink admin = run.OpenAdmin();
        ulong marked = await admin.MarkIdleAsync(tenant, seconds, run.Stop);
        if (run.Json)
        {
            MarkIdleDocument document = new(run.Server.WithTenant(tenant).ToString(), tenant, seconds, marked);
            run.WriteJson(document, CliJsonContext.Default.MarkIdleDocument);
        }
        else
        {
            string which = run.Value(_all) ? "" : $" that were not used for {DurationText.Format(run.Value(_age))}";
            run.Output.WriteLine($"marked {marked} frames{which}");
        }

        return ExitCode.Ok;
    }
}
