namespace RemoteSwap.LoadGen.Chaos.Faults;

/// <summary>A fault of the schedule.</summary>
/// <param name="Kind">What.</param>
/// <param name="Length">For how long, where it has a length; for a kill, the time before the new start.</param>
/// <param name="QuietBefore">How long the work goes on undisturbed before it.</param>
internal sealed record Fault(FaultKind Kind, TimeSpan Length, TimeSpan QuietBefore);
