using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Legs;

/// <summary>A leg beside which another client misbehaves. The server's growth counts from before the attack.</summary>
/// <param name="leg">What is measured.</param>
/// <param name="attack">What the other client does, without time.</param>
/// <param name="attacker">The other client.</param>
/// <param name="server">The server of both.</param>
internal sealed class AttackedLeg(IBenchLeg leg, WorkJob attack, WorkerProcess attacker, IMeasuredServer server)
    : IBenchLeg
{
    // The attack shall stand before the measurement starts, and still stand when it ends.
    private static readonly TimeSpan s_lead = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Name => leg.Name;

    /// <inheritdoc/>
    public LegShape Shape => leg.Shape;

    /// <inheritdoc/>
    public async Task<LegSample> RunAsync(TimeSpan time, CancellationToken ct)
    {
        await using MemoryWatch memory = new(server);
        Task<WorkResult> attacking =
            attacker.RunAsync(attack with { Seconds = (time + s_lead + s_lead).TotalSeconds }, ct);
        await Task.Delay(s_lead, ct);
        LegSample sample = await leg.RunAsync(time, ct);
        WorkResult attacked = await attacking;
        return attacked.Error is { } error
            ? new LegSample { Error = $"the attack failed: {error}" }
            : sample with { ServerGrowthBytes = memory.GrowthBytes };
    }
}
