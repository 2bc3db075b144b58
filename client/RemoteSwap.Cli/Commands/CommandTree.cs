using System.CommandLine;
using System.CommandLine.Help;
using RemoteSwap.Cli.Help;

namespace RemoteSwap.Cli.Commands;

/// <summary>
/// The commands as the parser's symbols, for one command line. Declares and finds; runs nothing.
/// </summary>
internal sealed class CommandTree
{
    private readonly Dictionary<Command, CliCommand> _commands = [];

    /// <summary>Declares everything.</summary>
    public CommandTree()
    {
        Root.Directives.Clear();
        foreach ((Option option, SharedSet _) in Shared.All)
        {
            Root.Options.Add(option);
        }

        foreach (CliCommand command in Commands)
        {
            Root.Subcommands.Add(Declare(command));
        }

        foreach (HelpOption help in Root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpScreenAction(this);
        }

        foreach (VersionOption version in Root.Options.OfType<VersionOption>())
        {
            version.Action = new VersionLineAction();
        }

        // Without an action the parser would take a bare name for an error of its own wording.
        Root.SetAction(_ => 0);
    }

    /// <summary>The parser's root.</summary>
    public RootCommand Root { get; } = new();

    /// <summary>Options of several commands.</summary>
    public SharedOptions Shared { get; } = new();

    /// <summary>All commands but those below others.</summary>
    public IReadOnlyList<CliCommand> Commands { get; } = CommandCatalog.Create();

    /// <summary>Parses a command line; errors are in the result.</summary>
    public ParseResult Parse(IReadOnlyList<string> args) =>
        Root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>The command that a line calls; null: none.</summary>
    public CliCommand? CommandOf(ParseResult parsed) => _commands.GetValueOrDefault(parsed.CommandResult.Command);

    /// <summary>Whether a line asks for help or the version.</summary>
    public bool IsInformation(ParseResult parsed) =>
        parsed.Action is HelpScreenAction or VersionLineAction;

    /// <summary>Options that were given and that the command does not take, in words.</summary>
    public IEnumerable<string> OptionsNotTaken(ParseResult parsed) =>
        from shared in Shared.All
        where CommandOf(parsed) is { } command && (command.Takes & shared.Set) == SharedSet.None
        where parsed.GetResult(shared.Option) is { Implicit: false }
        select $"{shared.Option.Name} means nothing here; leave it out.";

    private Command Declare(CliCommand command)
    {
        Command symbol = new(command.Text.Name, command.Text.Summary);
        foreach (Argument argument in command.Arguments)
        {
            symbol.Arguments.Add(argument);
        }

        foreach (Option option in command.Options)
        {
            symbol.Options.Add(option);
        }

        foreach (CliCommand below in command.Subcommands)
        {
            symbol.Subcommands.Add(Declare(below));
        }

        symbol.SetAction(_ => 0);
        _commands.Add(symbol, command);
        return symbol;
    }
}
