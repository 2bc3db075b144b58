using System.CommandLine;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Tenants;

/// <summary>Lets a tenant store new pages, or not. Loads and invalidations are served always.</summary>
/// <param name="enabled">Whether it may.</param>
internal sealed class EnableCommand(bool enabled) : CliCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "the tenant" };

    /// <inheritdoc/>
    public override CommandText Text { get; } = enabled
        ? new CommandText(
            "tenants enable", CommandGroup.Tenants, "take new pages again", "remoteswap tenants enable vm7")
        : new CommandText(
            "tenants disable", CommandGroup.Tenants, "take no new pages", "remoteswap tenants disable vm7")
        {
            Notes = ["Stored pages stay and are served."],
        };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Json | SharedSet.Quiet;

    /// <inheritdoc/>
    public override IReadOnlyList<Argument> Arguments => [_name];

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run) =>
        TenantChange.SendAsync(run, new SetTenantLimitsRequest { Tenant = run.Value(_name), Enabled = enabled });
}
