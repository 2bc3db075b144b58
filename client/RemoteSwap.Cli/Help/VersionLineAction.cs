using System.CommandLine;
using System.CommandLine.Invocation;
using RemoteSwap.Cli.App;

namespace RemoteSwap.Cli.Help;

/// <summary>Prints the version of the tool and of its runtime.</summary>
internal sealed class VersionLineAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(ProductVersion.Line);
        return ExitCode.Ok;
    }
}
