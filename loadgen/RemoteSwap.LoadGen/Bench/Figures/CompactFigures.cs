namespace RemoteSwap.LoadGen.Bench.Figures;

/// <summary>What a compaction did.</summary>
/// <param name="DensityBefore">Zpages a frame before.</param>
/// <param name="DensityAfter">Zpages a frame after.</param>
/// <param name="Merged">Frames freed by merging.</param>
/// <param name="Moved">Frames moved down.</param>
/// <param name="Seconds">Time that the call took.</param>
/// <param name="LongestHoldUs">The longest time that one of its steps held a lock that a load needs.</param>
/// <param name="CommittedFell">By how much the server's committed memory fell, in bytes.</param>
internal sealed record CompactFigures(
    double DensityBefore,
    double DensityAfter,
    long Merged,
    long Moved,
    double Seconds,
    double LongestHoldUs,
    long CommittedFell);
