using RemoteSwap.Cli.App;

namespace RemoteSwap.Cli.Commands.Certs;

/// <summary>Certificates for a server and its tenants, by an authority of one's own.</summary>
internal sealed class CertsCommand : CliCommand
{
    private readonly CliCommand[] _below = [new CertsInitCommand(), new CertsAddCommand(), new CertsShowCommand()];

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "certs",
        CommandGroup.Access,
        "make and show certificates: init, add, show",
        "remoteswap certs init --out pki --tenant vm7")
    {
        ExitCodes = "0 ok, 64 usage",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.None;

    /// <inheritdoc/>
    public override IReadOnlyList<CliCommand> Subcommands => _below;

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run) =>
        throw CommandFailedException.Usage("name what to do: init, add or show");
}
