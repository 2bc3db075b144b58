using System.CommandLine;
using RemoteSwap.Cli.Commands;
using RemoteSwap.Cli.Commands.Completion;
using RemoteSwap.Client;
using RemoteSwap.Credentials;

namespace RemoteSwap.Cli.App;

/// <summary>The program between its command line and its exit code. Knows no single command.</summary>
internal sealed class CliApp(Surroundings surroundings)
{
    private const string Name = "remoteswap";

    /// <summary>Runs the program.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="outer">Asks the command to stop, as Ctrl-C does.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken outer = default)
    {
        CommandTree tree = new();
        if (args is [WordSuggestions.CommandName, ..])
        {
            WordSuggestions.Write(tree, string.Join(' ', args.Skip(1)), surroundings.Output);
            return ExitCode.Ok;
        }

        ParseResult parsed = tree.Parse(args);
        CliCommand? command = tree.CommandOf(parsed);
        if (parsed.Errors.Count == 0 && tree.IsInformation(parsed))
        {
            // --help and --version.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = surroundings.Output, Error = surroundings.Error },
                CancellationToken.None);
        }

        List<string> errors = [.. parsed.Errors.Select(parseError => parseError.Message)];
        if (errors.Count == 0)
        {
            errors.AddRange(tree.OptionsNotTaken(parsed));
        }

        if (command is null && errors.Count == 0)
        {
            errors.Add("name a command.");
        }

        return command is null || errors.Count > 0
            ? FailUsage(errors, command)
            : await RunAsync(command, parsed, tree, outer);
    }

    private async Task<int> RunAsync(
        CliCommand command, ParseResult parsed, CommandTree tree, CancellationToken outer)
    {
        using InterruptWatch watch = new(outer);
        try
        {
            return await command.RunAsync(new CommandRun(parsed, tree.Shared, surroundings, watch.Token));
        }
        catch (CommandFailedException failed) when (failed.ExitCode == ExitCode.Usage)
        {
            return FailUsage([failed.Message], command);
        }
        catch (CommandFailedException failed)
        {
            return Fail(command, failed.ExitCode, failed.Message);
        }
        catch (Exception stopped) when (watch.Token.IsCancellationRequested && IsCancellation(stopped))
        {
            return Fail(command, ExitCode.Interrupted, "stopped before it was done");
        }
        catch (RemoteSwapException failed)
        {
            return Fail(command, FailureWords.ExitCodeOf(failed), failed.Message);
        }
        catch (SealKeyException failed)
        {
            return Fail(command, ExitCode.Failed, failed.Message);
        }
        catch (CredentialException failed)
        {
            return Fail(command, ExitCode.Permission, failed.Message);
        }
        catch (UnauthorizedAccessException denied)
        {
            return Fail(command, ExitCode.Permission, denied.Message);
        }
        catch (IOException failed)
        {
            return Fail(command, ExitCode.Failed, failed.Message);
        }
    }

    private static bool IsCancellation(Exception stopped) =>
        stopped is OperationCanceledException or RemoteSwapException { Error: RemoteSwapError.Cancelled };

    private int FailUsage(List<string> errors, CliCommand? command)
    {
        string full = command is null ? Name : $"{Name} {command.Text.Path}";
        foreach (string message in errors)
        {
            surroundings.Error.WriteLine($"{full}: {message}");
        }

        surroundings.Error.WriteLine($"{full} --help says what it takes.");
        return ExitCode.Usage;
    }

    private int Fail(CliCommand command, int exitCode, string message)
    {
        surroundings.Error.WriteLine($"{Name} {command.Text.Path}: {message}");
        return exitCode;
    }
}
