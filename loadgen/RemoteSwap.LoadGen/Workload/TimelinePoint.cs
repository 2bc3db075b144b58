using System.Runtime.InteropServices;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>Throughput of a stretch of time.</summary>
/// <param name="Seconds">End of the stretch, counted from the phase's start.</param>
/// <param name="PagesPerSecond">Pages a second within it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TimelinePoint(double Seconds, double PagesPerSecond);
