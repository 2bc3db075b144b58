using System.Runtime.InteropServices;

namespace RemoteSwap.Client;

/// <summary>What a reclaim did.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="FramesFreed">Frames freed, also when the target was not reached.</param>
/// <param name="PagesWrittenBack">Pages written to the server's writeback target.</param>
/// <param name="Detail">Why nothing can be reclaimed, for a person; empty otherwise.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReclaimResult(
    ReclaimOutcome Outcome,
    int FramesFreed,
    ulong PagesWrittenBack,
    string Detail);
