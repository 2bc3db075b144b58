using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using RemoteSwap.LoadGen.Bench;
using RemoteSwap.LoadGen.Bench.Processes;
using RemoteSwap.LoadGen.Chaos.Options;
using RemoteSwap.LoadGen.Chaos.Processes;
using RemoteSwap.LoadGen.Chaos.Reports;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.Server.Options;

namespace RemoteSwap.LoadGen.Chaos;

/// <summary>
/// The command <c>chaos</c> between its command line and its exit code, and the hidden command of its server.
/// </summary>
internal sealed class ChaosApp(TextWriter output, TextWriter error)
{
    private const string Command = "chaos";
    private const string Name = "remoteswap-loadgen chaos";

    /// <summary>Whether a command line is for this.</summary>
    public static bool IsFor(IReadOnlyList<string> args) =>
        args.Count > 0 && args[0] is Command or HiddenCommands.ChaosServer;

    /// <summary>Runs the command.</summary>
    /// <param name="args">The command line, with the command.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        string[] rest = [.. args.Skip(1)];
        if (args[0] == HiddenCommands.ChaosServer)
        {
            return await ServeAsync(rest);
        }

        ChaosCommandLine commandLine = new();
        ParseResult parsed = commandLine.Parse(rest);
        if (parsed.Errors.Count == 0 && parsed.Action is not null)
        {
            // --help and --version.
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        }

        if (parsed.Errors.Count == 0)
        {
            return await RunAsync(commandLine.Read(parsed));
        }

        foreach (System.CommandLine.Parsing.ParseError parseError in parsed.Errors)
        {
            error.WriteLine($"{Name}: {parseError.Message}");
        }

        error.WriteLine($"{Name} --help lists the options.");
        return ExitCode.Usage;
    }

    // Ctrl-C on a terminal reaches every process; this one is ended by the one that keeps it.
    private async Task<int> ServeAsync(string[] settings)
    {
        using PosixSignalRegistration interrupt =
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        try
        {
            await ChaosServer.ServeAsync(settings);
            return ExitCode.Ok;
        }
        catch (SettingsException wrong)
        {
            error.WriteLine(wrong.Message);
            return ExitCode.Failed;
        }
    }

    private async Task<int> RunAsync(ChaosOptions options)
    {
        using StopSignals stop = new();
        BenchView view = new(error, ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected);
        view.Note($"seed {options.Seed}");
        try
        {
            ChaosReport report = ChaosReport.Of(
                await new ChaosRun(options, view, TimeProvider.System, target => target).RunAsync(stop.Token));
            if (options.Json)
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(report, ChaosJsonContext.Default.ChaosReport));
            }
            else
            {
                ChaosTextReport.Write(report, output);
            }

            return report.ExitCode;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return Fail(ExitCode.Interrupted, "stopped");
        }
        catch (Exception failed) when (failed is ChaosFailedException or IOException or UnauthorizedAccessException
            or TimeoutException)
        {
            return Fail(ExitCode.Failed, failed.Message);
        }
    }

    private int Fail(int exitCode, string message)
    {
        error.WriteLine($"{Name}: {message}");
        return exitCode;
    }
}
