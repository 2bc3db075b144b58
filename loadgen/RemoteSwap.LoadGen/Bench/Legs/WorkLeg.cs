using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Legs;

/// <summary>A job of a worker, with what the server used meanwhile.</summary>
/// <param name="name">The leg's name.</param>
/// <param name="job">The job, without time.</param>
/// <param name="worker">Does it.</param>
/// <param name="server">The server that it is done to; null: none.</param>
internal sealed class WorkLeg(string name, WorkJob job, WorkerProcess worker, IMeasuredServer? server) : IBenchLeg
{
    // Far more than callers of a job, whose seeds follow each other.
    private const ulong SeedStep = 1_000_003;

    private ulong _seed = job.Seed;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public LegShape Shape { get; } = LegShape.Of(job);

    /// <inheritdoc/>
    public Task<LegSample> RunAsync(TimeSpan time, CancellationToken ct) => RunAsync(time, callsPerSecond: 0, ct);

    /// <summary>Measures once.</summary>
    /// <param name="time">About how long.</param>
    /// <param name="callsPerSecond">The rate of an open loop; 0: closed loop.</param>
    /// <param name="ct">Gives it up.</param>
    public async Task<LegSample> RunAsync(TimeSpan time, double callsPerSecond, CancellationToken ct)
    {
        _seed += SeedStep;
        WorkJob now = job with { Seconds = time.TotalSeconds, Seed = _seed, CallsPerSecond = callsPerSecond };
        if (server is null)
        {
            return Sample(await worker.RunAsync(now, ct));
        }

        ServerFigures before = await server.ReadAsync(ct);
        await using MemoryWatch memory = new(server);
        WorkResult result = await worker.RunAsync(now, ct);
        ServerFigures after = await server.ReadAsync(ct);
        return Sample(result) with
        {
            ServerCpuSeconds = after.CpuSeconds - before.CpuSeconds,
            ServerAllocatedBytes = after.AllocatedBytes - before.AllocatedBytes,
            ServerFullCollections = after.FullCollections - before.FullCollections,
            ServerGrowthBytes = memory.GrowthBytes,
        };
    }

    private static LegSample Sample(WorkResult result) => new()
    {
        Error = result.Error,
        Pages = result.Pages,
        Seconds = result.Seconds,
        ClientCpuSeconds = result.CpuSeconds,
        P50Us = result.P50Us,
        P99Us = result.P99Us,
        P999Us = result.P999Us,
        MaxUs = result.MaxUs,
        BadPages = result.BadPages,
    };
}
