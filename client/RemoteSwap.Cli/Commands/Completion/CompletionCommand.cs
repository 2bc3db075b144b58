using System.CommandLine;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Parsing;

namespace RemoteSwap.Cli.Commands.Completion;

/// <summary>Prints a shell's completion script.</summary>
internal sealed class CompletionCommand : CliCommand
{
    private readonly Argument<string> _shell = ValueReader.Argument<string>(
        "SHELL", "bash, zsh or fish", TryParseShell, string.Join(", ", CompletionScripts.Shells));

    /// <summary>Declares its argument.</summary>
    public CompletionCommand() => _shell.CompletionSources.Add(_ => CompletionScripts.Shells);

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "completion",
        CommandGroup.Shell,
        "print a script for bash, zsh or fish",
        "source <(remoteswap completion bash)")
    {
        Notes = ["The script asks this tool for the words, so that it need not be made anew with each version."],
        ExitCodes = "0 ok, 64 usage",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.None;

    /// <inheritdoc/>
    public override IReadOnlyList<Argument> Arguments => [_shell];

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        run.Output.WriteLine(CompletionScripts.For(run.Value(_shell)));
        return Task.FromResult(ExitCode.Ok);
    }

    private static bool TryParseShell(string text, out string shell)
    {
        shell = text;
        return CompletionScripts.Shells.Contains(text, StringComparer.Ordinal);
    }
}
