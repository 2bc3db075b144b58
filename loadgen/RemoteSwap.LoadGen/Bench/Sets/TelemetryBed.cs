using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Legs;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>A server with a filled working set.</summary>
internal sealed class TelemetryBed(ServerProcess server, WorkerProcess worker, WorkJob job)
{
    /// <summary>Starts the server and fills it.</summary>
    public static async Task<TelemetryBed> StartAsync(
        BenchBed bed,
        WorkerProcess worker,
        string[] settings,
        IReadOnlyDictionary<string, string> variables,
        CancellationToken ct)
    {
        long limit = (bed.Options.WorkingSetBytes * 5 / 2) + (64L << 20);
        ServerProcess server = await bed.StartServerAsync(
            limit, 0, [PageBed.ZpageTenant], variables, ct, settings);
        WorkJob job = PageBed.ZpageJob(server, bed.Options.Zpages / 2);
        await bed.FillAsync(worker, job with { Kind = WorkKind.Fill }, ct);
        return new TelemetryBed(server, worker, job);
    }

    /// <summary>A leg against it.</summary>
    public WorkLeg Leg(string name, WorkKind kind, int batch) =>
        new(name, job with { Kind = kind, Batch = batch }, worker, server);

    /// <summary>A leg during which its metrics are read.</summary>
    public ObservedLeg Observed(string name, WorkKind kind, int batch) =>
        new(Leg(name, kind, batch), server.Management);
}
