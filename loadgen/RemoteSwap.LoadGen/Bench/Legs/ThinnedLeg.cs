using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Legs;

/// <summary>
/// Loads at a steady rate of what churn has left of an area. The first leg of a round churns before it measures; one
/// may have the area compacted while it measures.
/// </summary>
/// <param name="leg">What is measured.</param>
/// <param name="callsPerSecond">The rate of the loads.</param>
/// <param name="churn">Churns; null: the area stays as the leg before has left it.</param>
/// <param name="worker">Does it.</param>
/// <param name="admin">Compacts; null: nobody does.</param>
internal sealed class ThinnedLeg(
    WorkLeg leg, double callsPerSecond, WorkJob? churn, WorkerProcess worker, CompactCall? admin) : IBenchLeg
{
    // Loads run before it begins, and after it has ended.
    private static readonly TimeSpan s_lead = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public string Name => leg.Name;

    /// <inheritdoc/>
    public LegShape Shape => leg.Shape;

    /// <inheritdoc/>
    public async Task<LegSample> RunAsync(TimeSpan time, CancellationToken ct)
    {
        if (churn is not null && await worker.RunAsync(churn, ct) is { Error: { } error })
        {
            return new LegSample { Error = error };
        }

        Task<LegSample> loads = leg.RunAsync(time, callsPerSecond, ct);
        if (admin is null)
        {
            return await loads;
        }

        await Task.Delay(s_lead, ct);
        CompactFigures compacted = await admin.RunAsync(ct);
        return await loads with { Compact = compacted };
    }
}
