using System.CommandLine;
using System.Runtime.InteropServices;
using RemoteSwap.Client;
using RemoteSwap.LoadGen.Bench;
using RemoteSwap.LoadGen.Chaos;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Progress;
using RemoteSwap.LoadGen.Reports;
using RemoteSwap.LoadGen.Reports.Model;
using RemoteSwap.LoadGen.Sources;
using RemoteSwap.LoadGen.Telemetry;
using RemoteSwap.LoadGen.Workload;
using RemoteSwap.Otlp;

namespace RemoteSwap.LoadGen.Run;

/// <summary>
/// The program between its command line and its exit code: results on one writer, everything else on another.
/// </summary>
internal sealed class LoadGenApp(TextWriter output, TextWriter error)
{
    private const string Name = "remoteswap-loadgen";

    /// <summary>Runs the program.</summary>
    /// <param name="args">The command line.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (BenchApp.IsFor(args))
        {
            return await new BenchApp(output, error).RunAsync(args);
        }

        if (ChaosApp.IsFor(args))
        {
            return await new ChaosApp(output, error).RunAsync(args);
        }

        CommandLine commandLine = new();
        ParseResult parsed = commandLine.Parse(args);
        List<string> errors = [.. parsed.Errors.Select(parseError => parseError.Message)];
        if (errors.Count == 0 && parsed.Action is not null)
        {
            // --help and --version.
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        }

        LoadOptions? options = errors.Count == 0 ? commandLine.Read(parsed, errors) : null;
        return options is null ? FailUsage(errors) : await RunAsync(options);
    }

    private async Task<int> RunAsync(LoadOptions options)
    {
        await using OtlpExport? export = OtlpExport.TryStart(
            Name,
            ReportBuilder.ProgramVersion(),
            [ClientTelemetry.MeterName, LoadGenMeter.Name],
            [ClientTelemetry.SourceName],
            dropsItself: false,
            Environment.GetEnvironmentVariable);
        using RunControl control = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            // The second one ends the process, whoever else in it handles the signal.
            context.Cancel = true;
            if (control.WasInterrupted)
            {
                Environment.Exit(ExitCode.Interrupted);
            }

            control.Interrupt();
        });

        try
        {
            RunRecord record = await RunWithProgressAsync(options, control);
            RunReport report = ReportBuilder.Build(record);
            Print(options, report);
            await WriteFilesAsync(options, report, record);
            return report.ExitCode;
        }
        catch (RunFailedException failed)
        {
            return Fail(failed.ExitCode, failed.Message);
        }
        catch (OperationCanceledException) when (control.WasInterrupted)
        {
            return Fail(ExitCode.Interrupted, "stopped before the first page was swapped out");
        }
        catch (SourceUnavailableException unavailable)
        {
            return Fail(unavailable.IsPermission ? ExitCode.Permission : ExitCode.Failed, unavailable.Message);
        }
    }

    private Task<RunRecord> RunWithProgressAsync(LoadOptions options, RunControl control)
    {
        Task<RunRecord> Work(IProgressView view) => new LoadRun(options, view, TimeProvider.System, control).RunAsync();
        if (options.Quiet)
        {
            return Work(new SilentView());
        }

        if (Console.IsErrorRedirected || !ReferenceEquals(error, Console.Error))
        {
            return Work(new PlainView(error));
        }

        bool colors = !options.NoColor && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return BarView.RunAsync(error, colors, Work);
    }

    private void Print(LoadOptions options, RunReport report)
    {
        if (options.Json)
        {
            output.WriteLine(JsonReport.Format(report));
        }
        else
        {
            TextReport.Write(report, output);
        }
    }

    private async Task WriteFilesAsync(LoadOptions options, RunReport report, RunRecord record)
    {
        try
        {
            if (options.HtmlPath is string path)
            {
                await File.WriteAllTextAsync(path, HtmlReport.Format(report));
            }

            if (options.HgrmPrefix is string prefix)
            {
                HgrmFiles.Write(prefix, record.Phases);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(ExitCode.Failed, $"a report can not be written: {failed.Message}", failed);
        }
    }

    private int FailUsage(List<string> errors)
    {
        foreach (string message in errors)
        {
            error.WriteLine($"{Name}: {message}");
        }

        error.WriteLine($"{Name} --help lists the options.");
        return ExitCode.Usage;
    }

    private int Fail(int exitCode, string message)
    {
        error.WriteLine($"{Name}: {message}");
        return exitCode;
    }
}
