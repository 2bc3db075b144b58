using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Reports;

/// <summary>
/// Writes the latency distribution of each phase in a file of its own, as HdrHistogram's plotters read them.
/// </summary>
internal static class HgrmFiles
{
    /// <summary>Writes PREFIX-PHASE.hgrm for each phase that made calls.</summary>
    /// <exception cref="IOException">A file can not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public static void Write(string prefix, IEnumerable<PhaseResult> phases)
    {
        foreach (PhaseResult phase in phases.Where(phase => phase.Calls.Latency.Count > 0))
        {
            using StreamWriter writer = new($"{prefix}-{phase.Name}.hgrm");
            phase.Calls.Latency.WriteHgrm(writer);
        }
    }
}
