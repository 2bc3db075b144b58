namespace RemoteSwap.Store;

/// <summary>A look at a run of frames, or of places of the writeback target, block by block.</summary>
/// <param name="Total">How many frames, or places, there may be.</param>
/// <param name="From">The first that was asked for.</param>
/// <param name="Count">How many the blocks stand for.</param>
/// <param name="BlockFrames">How many one block stands for; the last one may stand for fewer.</param>
/// <param name="Looked">How many were looked at; fewer than <paramref name="Count"/>: the same number at the head of
/// each block.</param>
/// <param name="Blocks">The blocks, in order.</param>
public sealed record FrameView(
    long Total, long From, long Count, long BlockFrames, long Looked, IReadOnlyList<BlockCounts> Blocks);
