namespace RemoteSwap.Pool.Tests.Model;

/// <summary>What the pool answered to an allocation, to be compared with the model.</summary>
/// <param name="Zpage">The zpage that was to be allocated.</param>
/// <param name="Status">The answer.</param>
/// <param name="Frame">Where it lies, if allocated.</param>
/// <param name="Side">On which side it lies.</param>
internal sealed record Allocation(ModelZpage Zpage, AllocStatus Status, FrameNumber Frame, Buddy Side);
