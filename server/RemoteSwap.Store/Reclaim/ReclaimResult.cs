namespace RemoteSwap.Store;

/// <summary>What a reclaim did.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="FramesFreed">Frames freed.</param>
/// <param name="PagesWrittenBack">Pages written to the writeback target.</param>
/// <param name="Detail">Why nothing can be reclaimed, for a person.</param>
public readonly record struct ReclaimResult(
    ReclaimOutcome Outcome,
    int FramesFreed,
    long PagesWrittenBack,
    string Detail);
