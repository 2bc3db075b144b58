using System.Runtime.InteropServices;

namespace RemoteSwap.Store;

/// <summary>What one step of writeback did.</summary>
/// <param name="Attempted">Frames taken off the lists.</param>
/// <param name="Freed">Of them freed.</param>
/// <param name="PagesWritten">Zpages that are in the writeback target now.</param>
/// <param name="Failed">Frames that were not freed, or 1 if the target has no place.</param>
/// <param name="Detail">Why, for a person.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WritebackStep(int Attempted, int Freed, int PagesWritten, int Failed, string Detail);
