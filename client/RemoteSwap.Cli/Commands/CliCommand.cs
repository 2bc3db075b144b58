using System.CommandLine;

namespace RemoteSwap.Cli.Commands;

/// <summary>
/// One command of the tool: what it is called, what it takes, what it does. A new command is a class derived from this
/// one and a line in <see cref="CommandCatalog"/>; parsing, help, completion, signals, exit codes and the words of
/// failed calls come with it.
/// </summary>
internal abstract class CliCommand
{
    /// <summary>What the help says.</summary>
    public abstract CommandText Text { get; }

    /// <summary>Options of all commands that this one takes too.</summary>
    public virtual SharedSet Takes => SharedSet.Server | SharedSet.Json;

    /// <summary>Its arguments; the same objects at every call.</summary>
    public virtual IReadOnlyList<Argument> Arguments => [];

    /// <summary>Its own options; the same objects at every call.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>Commands below it; the same objects at every call.</summary>
    public virtual IReadOnlyList<CliCommand> Subcommands => [];

    /// <summary>Does it.</summary>
    /// <param name="run">What was given, and where results go.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="App.CommandFailedException">It can not be done.</exception>
    /// <exception cref="Client.RemoteSwapException">A call failed.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public abstract Task<int> RunAsync(CommandRun run);
}
