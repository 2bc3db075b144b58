using RemoteSwap.LoadGen.Sources;
using RemoteSwap.LoadGen.Telemetry;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>What a worker works with.</summary>
/// <param name="Tenant">Whose pages.</param>
/// <param name="Plan">Its slots.</param>
/// <param name="Target">Where its pages go.</param>
/// <param name="Corpus">The source pages.</param>
/// <param name="FillOrder">
/// Source pages in the order in which they are swapped out, used again from the start if it ends.
/// </param>
/// <param name="BatchPages">Pages of a call, 1 to 512.</param>
/// <param name="Random">Its random numbers.</param>
/// <param name="Clock">The clock.</param>
/// <param name="Control">Says when to end early.</param>
internal sealed record WorkerSetup(
    string Tenant,
    SlotPlan Plan,
    ISwapTarget Target,
    PageCorpus Corpus,
    int[] FillOrder,
    int BatchPages,
    SeededRandom Random,
    TimeProvider Clock,
    RunControl Control)
{
    /// <summary>Measures its calls for whoever watches the run.</summary>
    public LoadGenMeter Meter { get; init; } = LoadGenMeter.Shared;

    /// <summary>The source page of one of the worker's pages.</summary>
    /// <param name="page">0 to the plan's pages - 1.</param>
    public int SourceOf(int page) => FillOrder[(Plan.FirstPage + page) % FillOrder.Length];
}
