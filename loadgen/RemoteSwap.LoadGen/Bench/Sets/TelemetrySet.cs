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
    /// <summary>Measures it.</summary>
    /// <exception cref="BenchFailedException">The collector was sent nothing.</exception>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        await using OtlpSink sink = await OtlpSink.StartAsync(ct);
        WorkerProcess worker = bed.StartWorker();
        string[] off = ["--Telemetry:Prometheus=false"];
        string[] on = ["--Telemetry:Prometheus=true"];
        Dictionary<string, string> otlp = new(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        };
        ComparedBed plain = await StartAsync(off, variables: null);
        ComparedBed observed = await StartAsync(on, otlp);
        ComparedBed control = await StartAsync(off, variables: null);
        ComparedServers servers = new("observed", plain, observed.Observed, control, Goal.Least(0.98));
        foreach (int batch in (int[])[32, 1])
        {
            await bed.MeasureAsync(
                servers.Group(
                    bed.Options, $"Zpages in batches of {batch}, with all telemetry on and without", batch),
                ct);
        }

        if (sink.Messages == 0)
        {
            throw new BenchFailedException("the server with telemetry sent nothing by OTLP");
        }

        Task<ComparedBed> StartAsync(string[] settings, IReadOnlyDictionary<string, string>? variables) =>
            ComparedBed.StartAsync(bed, worker, listen: null, settings, variables, connect: null, ct);
    }
}
