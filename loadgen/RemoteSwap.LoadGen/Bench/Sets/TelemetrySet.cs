using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Observers;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>
/// What telemetry costs: the same work on a server whose metrics nobody reads, and on one with everything on: a scrape
/// a second, metrics, logs and one trace in a hundred (the default) by OTLP to a collector that keeps nothing. A third
/// server, without telemetry as the first, is the control: what two servers that are alike differ by.
/// </summary>
internal static class TelemetrySet
{
    private const int Rounds = 11;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(1.5);

    /// <summary>Measures it.</summary>
    /// <exception cref="BenchFailedException">The collector was sent nothing.</exception>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        await using OtlpSink sink = await OtlpSink.StartAsync(ct);
        WorkerProcess worker = bed.StartWorker();
        string[] off = ["--Telemetry:Prometheus=false"];
        string[] on = ["--Telemetry:Prometheus=true"];
        Dictionary<string, string> nothing = [];
        Dictionary<string, string> otlp = new(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        };
        TelemetryBed plain = await TelemetryBed.StartAsync(bed, worker, off, nothing, ct);
        TelemetryBed observed = await TelemetryBed.StartAsync(bed, worker, on, otlp, ct);
        TelemetryBed control = await TelemetryBed.StartAsync(bed, worker, off, nothing, ct);
        await bed.MeasureAsync(Group(bed, 32, plain, observed, control), ct);
        await bed.MeasureAsync(Group(bed, 1, plain, observed, control), ct);
        if (sink.Messages == 0)
        {
            throw new BenchFailedException("the server with telemetry sent nothing by OTLP");
        }
    }

    private static BenchGroup Group(
        BenchBed bed, int batch, TelemetryBed plain, TelemetryBed observed, TelemetryBed control)
    {
        const string Store = "store";
        const string Load = "load";
        static string Observed(string what) => $"{what}, observed";
        static string Control(string what) => $"{what}, control";
        RatioSpec Cost(string what) => RatioSpec.Rate(Observed(what), what, Goal.Least(0.98));
        RatioSpec Noise(string what) => RatioSpec.Rate(Control(what), what, goal: null);
        RatioSpec Cpu(string what) => RatioSpec.ServerCpu(Observed(what), what, goal: null);
        return new BenchGroup(
            FormattableString.Invariant($"Zpages in batches of {batch}, with all telemetry on and without"),
            [
                plain.Leg(Store, WorkKind.Store, batch),
                observed.Observed(Observed(Store), WorkKind.Store, batch),
                control.Leg(Control(Store), WorkKind.Store, batch),
                plain.Leg(Load, WorkKind.Load, batch),
                observed.Observed(Observed(Load), WorkKind.Load, batch),
                control.Leg(Control(Load), WorkKind.Load, batch),
            ],
            [Cost(Store), Noise(Store), Cpu(Store), Cost(Load), Noise(Load), Cpu(Load)])
        {
            LegTime = bed.Options.Quick ? null : s_time,
            Rounds = bed.Options.Quick ? null : Rounds,
        };
    }
}
