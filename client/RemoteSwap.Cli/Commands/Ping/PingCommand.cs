using System.CommandLine;
using System.Globalization;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Ping;

/// <summary>Asks whether a server answers, and how fast.</summary>
internal sealed class PingCommand : CliCommand
{
    private const long MaxCount = 1_000_000_000;
    private const long LatencyCount = 100;
    private static readonly TimeSpan s_pingInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_latencyInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_rollingInterval = TimeSpan.FromMilliseconds(250);

    private readonly Option<bool> _latency = ValueReader.Switch(
        "--latency", "100 calls 10ms apart; only the summary: min, avg, p50, p99, max in microseconds");

    private readonly Option<long?> _count = ValueReader.OptionalNumber(
        "-n", "N", "so many calls; 0: until Ctrl-C, which then is no failure  [1; 100 with --latency]", 0, MaxCount);

    private readonly Option<TimeSpan> _interval = ValueReader.Duration(
        "--interval", "time between calls  [1s; 10ms with --latency]", s_pingInterval);

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "ping", CommandGroup.Server, "does it answer, and how fast", "remoteswap ping --latency -s remoteswap://host")
    {
        Notes =
        [
            "The first call also connects; it is shown by itself and not counted.",
            "Not measured: codec, store and disk. remoteswap-loadgen measures those.",
        ],
        MoreExamples = ["remoteswap ping --latency --json | jq .p99_us"],
        ExitCodes = "0 it answers, 1 it answers wrongly, 64 usage, 69 it does not answer, 130 stopped before -n calls",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Json | SharedSet.Quiet;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_latency, _count, _interval];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        bool isLatency = run.Value(_latency);
        long count = run.Value(_count) ?? (isLatency ? LatencyCount : 1);
        TimeSpan interval = isLatency && !run.IsGiven(_interval) ? s_latencyInterval : run.Value(_interval);

        // One stream: calls go one after the other.
        await using RemoteSwapConnection connection = run.OpenConnection(streams: 1);
        PingSeries series = new(connection, run.Surroundings.Time);
        TimeSpan connect = await series.ConnectAsync(run.Stop);
        Action<TimeSpan>? each = run.Json ? null : isLatency ? Rolling(run, series) : elapsed =>
            run.Output.WriteLine($"{run.Server} answers in {Us(elapsed.TotalMicroseconds)} us");
        try
        {
            await series.RunAsync(count, interval, each, run.Stop);
        }
        catch (OperationCanceledException) when (count == 0 && series.Samples.Count > 0)
        {
            // Ctrl-C is how a series without an end ends.
        }

        Report(run, series.Samples, connect, isLatency || count != 1);
        return ExitCode.Ok;
    }

    private static void Report(CommandRun run, LatencySamples samples, TimeSpan connect, bool hasSummary)
    {
        if (run.Json)
        {
            PingDocument document = new(
                run.Server.ToString(),
                Math.Round(connect.TotalMicroseconds, 1),
                samples.Count,
                Math.Round(samples.Min, 1),
                Math.Round(samples.Mean, 1),
                Math.Round(samples.Percentile(50), 1),
                Math.Round(samples.Percentile(99), 1),
                Math.Round(samples.Max, 1));
            run.WriteJson(document, CliJsonContext.Default.PingDocument);
        }
        else if (hasSummary)
        {
            run.Output.WriteLine($"{Summary(samples)} (connecting: {Us(connect.TotalMicroseconds)})");
        }
    }

    private static Action<TimeSpan>? Rolling(CommandRun run, PingSeries series)
    {
        if (run.Quiet || !run.Surroundings.IsErrorTerminal)
        {
            return null;
        }

        long last = 0;
        return _ =>
        {
            TimeProvider time = run.Surroundings.Time;
            if (last == 0 || time.GetElapsedTime(last) >= s_rollingInterval)
            {
                last = time.GetTimestamp();
                run.Error.Write($"\r{Summary(series.Samples)}\u001b[K\r");
            }
        };
    }

    private static string Summary(LatencySamples samples) => string.Create(
        CultureInfo.InvariantCulture,
        $"min {Us(samples.Min)}  avg {Us(samples.Mean)}  p50 {Us(samples.Percentile(50))}  "
        + $"p99 {Us(samples.Percentile(99))}  max {Us(samples.Max)}  microseconds, {samples.Count} calls");

    private static string Us(double microseconds) => microseconds.ToString("0", CultureInfo.InvariantCulture);
}
