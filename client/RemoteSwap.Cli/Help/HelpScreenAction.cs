using System.CommandLine;
using System.CommandLine.Invocation;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Commands;

namespace RemoteSwap.Cli.Help;

/// <summary>Prints the help of the command that was asked about, or of all.</summary>
internal sealed class HelpScreenAction(CommandTree tree) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        CliCommand? command = tree.CommandOf(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.Write(command is null ? RootScreen.Format(tree) : CommandScreen.Format(command, tree.Shared));
        return ExitCode.Ok;
    }
}
