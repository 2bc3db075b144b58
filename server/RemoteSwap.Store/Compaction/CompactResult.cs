using System.Runtime.InteropServices;

namespace RemoteSwap.Store;

/// <summary>What a compaction did.</summary>
/// <param name="Merged">Frames freed by moving their only zpage beside another.</param>
/// <param name="Moved">Frames moved to a lower place of the arena.</param>
/// <param name="Busy">Times that frames were being read or reclaimed and stayed.</param>
/// <param name="LongestHold">The longest time that one step held a shard's lock: what it can have kept a Load
/// waiting.</param>
/// <param name="GivenBackBytes">Memory given back to the system at the end.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CompactResult(int Merged, int Moved, int Busy, TimeSpan LongestHold, long GivenBackBytes);
