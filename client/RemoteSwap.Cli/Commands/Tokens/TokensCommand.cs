using RemoteSwap.Cli.App;

namespace RemoteSwap.Cli.Commands.Tokens;

/// <summary>Tokens, for clients that show one instead of a certificate.</summary>
internal sealed class TokensCommand : CliCommand
{
    private readonly CliCommand[] _below = [new TokensNewCommand()];

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "tokens",
        CommandGroup.Access,
        "make a token for a tenant or an admin: new",
        "remoteswap tokens new --tenant vm7 --out vm7.token")
    {
        ExitCodes = "0 ok, 64 usage",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.None;

    /// <inheritdoc/>
    public override IReadOnlyList<CliCommand> Subcommands => _below;

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run) => throw CommandFailedException.Usage("name what to do: new");
}
