using System.Runtime.InteropServices;

namespace RemoteSwap.Store;

/// <summary>What a compaction did.</summary>
/// <param name="Merged">Frames freed by moving their only zpage beside another.</param>
/// <param name="Moved">Frames moved to a lower place of the arena.</param>
/// <param name="Busy">Frames that are being read or reclaimed and stayed.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CompactResult(int Merged, int Moved, int Busy);
