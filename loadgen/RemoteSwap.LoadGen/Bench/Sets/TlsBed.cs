using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Legs;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>A server on a TCP port of loopback with a filled working set, with TLS or without.</summary>
internal sealed class TlsBed(ServerProcess server, WorkerProcess worker, WorkJob job)
{
    private const string Listen = "--Server:Listen=127.0.0.1:0";

    /// <summary>Starts the server and fills it.</summary>
    /// <param name="bed">Where.</param>
    /// <param name="worker">The client.</param>
    /// <param name="certificates">What both ends show; null: without TLS.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<TlsBed> StartAsync(
        BenchBed bed, WorkerProcess worker, BenchCertificates? certificates, CancellationToken ct)
    {
        long limit = (bed.Options.WorkingSetBytes * 5 / 2) + (64L << 20);
        string[] settings = certificates is null ? [Listen] : [Listen, .. certificates.ServerSettings];
        ServerProcess server = await bed.StartServerAsync(limit, 0, [PageBed.ZpageTenant], ct, settings);
        WorkJob job = PageBed.ZpageJob(server, bed.Options.Zpages / 2);
        job = certificates?.Secure(job) ?? job;
        await bed.FillAsync(worker, job with { Kind = WorkKind.Fill }, ct);
        return new TlsBed(server, worker, job);
    }

    /// <summary>A leg against it.</summary>
    public WorkLeg Leg(string name, WorkKind kind, int batch) =>
        new(name, job with { Kind = kind, Batch = batch }, worker, server);
}
