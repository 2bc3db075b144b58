namespace RemoteSwap.LoadGen.Reports.Model;

/// <summary>Throughput of a stretch of time.</summary>
/// <param name="Seconds">End of the stretch, from the phase's start.</param>
/// <param name="PagesPerSecond">Pages a second within it.</param>
internal sealed record TimelineReport(double Seconds, double PagesPerSecond);
