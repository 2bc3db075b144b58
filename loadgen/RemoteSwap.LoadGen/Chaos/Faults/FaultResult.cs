namespace RemoteSwap.LoadGen.Chaos.Faults;

/// <summary>A fault that was done.</summary>
/// <param name="Fault">Which.</param>
/// <param name="At">When, counted from the start of the work.</param>
/// <param name="Stall">How long it was until work went on; null: it did not.</param>
/// <param name="Remark">What went wrong; empty: nothing.</param>
internal sealed record FaultResult(Fault Fault, TimeSpan At, TimeSpan? Stall, string Remark);
