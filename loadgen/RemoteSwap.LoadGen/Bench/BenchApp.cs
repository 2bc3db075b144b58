using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using RemoteSwap.LoadGen.Bench.Options;
using RemoteSwap.LoadGen.Bench.Processes;
using RemoteSwap.LoadGen.Bench.Reports;
using RemoteSwap.LoadGen.Bench.Reports.Model;
using RemoteSwap.LoadGen.Bench.Sets;
using RemoteSwap.LoadGen.Bench.Worker;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.Server.Options;

namespace RemoteSwap.LoadGen.Bench;

/// <summary>
/// The command <c>bench</c> between its command line and its exit code, and the hidden commands of its processes.
/// </summary>
internal sealed class BenchApp(TextWriter output, TextWriter error)
{
    private const string Command = "bench";
    private const string Name = "remoteswap-loadgen bench";

    /// <summary>Whether a command line is for this.</summary>
    public static bool IsFor(IReadOnlyList<string> args) =>
        args.Count > 0 && args[0] is Command or HiddenCommands.Server or HiddenCommands.Worker;

    /// <summary>Runs the command.</summary>
    /// <param name="args">The command line, with the command.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        string[] rest = [.. args.Skip(1)];
        switch (args[0])
        {
            case HiddenCommands.Server:
                return await ServeAsync(rest);
            case HiddenCommands.Worker:
                await RunHiddenAsync(async (input, answers) =>
                {
                    await using BenchWorker worker = new();
                    await worker.RunAsync(input, answers);
                });
                return ExitCode.Ok;
            default:
                return await RunBenchAsync(rest);
        }
    }

    private async Task<int> ServeAsync(string[] settings)
    {
        try
        {
            await RunHiddenAsync((input, answers) => BenchServer.RunAsync(settings, input, answers));
            return ExitCode.Ok;
        }
        catch (SettingsException wrong)
        {
            error.WriteLine($"{Name}: the server does not start: {wrong.Message}");
            return ExitCode.Failed;
        }
    }

    // Ctrl-C on a terminal reaches every process; this one ends when its input does. Nothing but answers may come on
    // its output.
    private static async Task RunHiddenAsync(Func<TextReader, TextWriter, Task> work)
    {
        using PosixSignalRegistration interrupt =
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        TextWriter answers = Console.Out;
        Console.SetOut(Console.Error);
        await work(Console.In, answers);
    }

    private async Task<int> RunBenchAsync(IReadOnlyList<string> args)
    {
        BenchCommandLine commandLine = new();
        ParseResult parsed = commandLine.Parse(args);
        List<string> errors = [.. parsed.Errors.Select(parseError => parseError.Message)];
        if (errors.Count == 0 && parsed.Action is not null)
        {
            // --help and --version.
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        }

        BenchOptions? options = errors.Count == 0 ? commandLine.Read(parsed, errors) : null;
        if (options is not null)
        {
            return await RunBenchAsync(options);
        }

        foreach (string message in errors)
        {
            error.WriteLine($"{Name}: {message}");
        }

        error.WriteLine($"{Name} --help lists the options.");
        return ExitCode.Usage;
    }

    private async Task<int> RunBenchAsync(BenchOptions options)
    {
        using StopSignals stop = new();
        BenchView view = new(error, ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected);
        try
        {
            DateTimeOffset started = TimeProvider.System.GetUtcNow();
            IReadOnlyList<SetFigures> sets = await new BenchRun(options, view).RunAsync(stop.Token);
            view.Clear();
            BenchReport report = BenchReportBuilder.Build(options, started, sets);
            await WriteAsync(options, report);
            return report.ExitCode;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return Fail(view, ExitCode.Interrupted, "stopped");
        }
        catch (BenchFailedException failed)
        {
            return Fail(view, ExitCode.Failed, failed.Message);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return Fail(view, ExitCode.Failed, failed.Message);
        }
    }

    private async Task WriteAsync(BenchOptions options, BenchReport report)
    {
        string json = JsonSerializer.Serialize(report, BenchJsonContext.Default.BenchReport);
        if (options.JsonPath == BenchOptions.ToOutput)
        {
            await output.WriteLineAsync(json);
        }
        else
        {
            BenchTextReport.Write(report, output);
            if (options.JsonPath is { } path)
            {
                await File.WriteAllTextAsync(path, json);
            }
        }

        if (options.HtmlPath is { } html)
        {
            await File.WriteAllTextAsync(html, BenchHtmlReport.Format(report));
        }
    }

    private int Fail(BenchView view, int exitCode, string message)
    {
        view.Clear();
        error.WriteLine($"{Name}: {message}");
        return exitCode;
    }
}
