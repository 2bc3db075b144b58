using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Legs;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>One of the servers that are compared, with a filled working set.</summary>
internal sealed class ComparedBed(ServerProcess server, WorkerProcess worker, WorkJob job)
{
    // Two such sets have room beside the zpages, at worst a frame for each page.
    private const int PartOfRawPages = 4;

    /// <summary>Starts the server and fills it.</summary>
    /// <param name="bed">Where.</param>
    /// <param name="worker">The client.</param>
    /// <param name="listen">Where the server listens; null: on a socket file.</param>
    /// <param name="settings">What the server is told.</param>
    /// <param name="variables">Its environment, beside this process's; null: nothing more.</param>
    /// <param name="connect">How the client connects to it; null: as to any server.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<ComparedBed> StartAsync(
        BenchBed bed,
        WorkerProcess worker,
        string? listen,
        string[] settings,
        IReadOnlyDictionary<string, string>? variables,
        Func<WorkJob, WorkJob>? connect,
        CancellationToken ct)
    {
        long limit = (bed.Options.WorkingSetBytes * 5 / 2) + (64L << 20);
        ServerProcess server = await bed.StartServerAsync(
            listen ?? $"unix:{bed.NextSocketPath()}", limit, 0, [PageBed.ZpageTenant], variables, ct, settings);
        WorkJob job = PageBed.ZpageJob(server, bed.Options.Zpages / 2);
        job = connect?.Invoke(job) ?? job;
        await bed.FillAsync(worker, job with { Kind = WorkKind.Fill }, ct);
        return new ComparedBed(server, worker, job);
    }

    /// <summary>The same server with a working set of raw pages, which the client encodes, in another area.</summary>
    /// <param name="bed">Where.</param>
    /// <param name="area">The area.</param>
    /// <param name="sealKey">A file with the key that seals them; empty: they are not.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<ComparedBed> WithRawPagesAsync(BenchBed bed, int area, string sealKey, CancellationToken ct)
    {
        WorkJob raw = job with
        {
            Payload = PagePayload.RawPages,
            StoredPages = bed.Options.RawPages / PartOfRawPages,
            FirstArea = area,
            SealKey = sealKey,
        };
        await bed.FillAsync(worker, raw with { Kind = WorkKind.Fill }, ct);
        return new ComparedBed(server, worker, raw);
    }

    /// <summary>A leg against it.</summary>
    public WorkLeg Leg(string name, WorkKind kind, int batch) =>
        new(name, job with { Kind = kind, Batch = batch }, worker, server);

    /// <summary>A leg during which its metrics are read.</summary>
    public ObservedLeg Observed(string name, WorkKind kind, int batch) =>
        new(Leg(name, kind, batch), server.Management);
}
