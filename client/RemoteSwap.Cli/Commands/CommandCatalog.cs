using RemoteSwap.Cli.Commands.Areas;
using RemoteSwap.Cli.Commands.Certs;
using RemoteSwap.Cli.Commands.Compact;
using RemoteSwap.Cli.Commands.Completion;
using RemoteSwap.Cli.Commands.Doctor;
using RemoteSwap.Cli.Commands.Drain;
using RemoteSwap.Cli.Commands.Invalidate;
using RemoteSwap.Cli.Commands.Nbd;
using RemoteSwap.Cli.Commands.Ping;
using RemoteSwap.Cli.Commands.Reclaim;
using RemoteSwap.Cli.Commands.Sealing;
using RemoteSwap.Cli.Commands.Stat;
using RemoteSwap.Cli.Commands.Tenants;
using RemoteSwap.Cli.Commands.Tokens;
using RemoteSwap.Cli.Commands.Top;
using RemoteSwap.Cli.Commands.Transfer;

namespace RemoteSwap.Cli.Commands;

/// <summary>The commands of the tool, in the order of the help. To add one: a line here, and its class.</summary>
internal static class CommandCatalog
{
    /// <summary>All commands, made anew: a command belongs to one command line.</summary>
    public static IReadOnlyList<CliCommand> Create() =>
    [
        new NbdCommand(),
        new PutCommand(),
        new GetCommand(),
        new InvalidateCommand(),
        new PingCommand(),
        new StatCommand(),
        new TopCommand(),
        new DoctorCommand(),
        new TenantsCommand(),
        new AreasCommand(),
        new ReclaimCommand(),
        new CompactCommand(),
        new MarkIdleCommand(),
        new DrainCommand(),
        new SealCommand(),
        new CertsCommand(),
        new TokensCommand(),
        new CompletionCommand(),
    ];
}
