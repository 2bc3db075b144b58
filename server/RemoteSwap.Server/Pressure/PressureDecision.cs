using System.Runtime.InteropServices;

namespace RemoteSwap.Server.Pressure;

/// <summary>What the policy says to a reading.</summary>
/// <param name="Change">What becomes of the limit.</param>
/// <param name="LimitBytes">The limit in force from now on.</param>
/// <param name="Reason">Why it is below the configured one, or why it changed; for a person.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PressureDecision(LimitChange Change, long LimitBytes, string Reason);
