namespace RemoteSwap.Store;

/// <summary>A fixed place of one frame image in a writeback target.</summary>
/// <param name="Value">The place's number, from 0.</param>
public readonly record struct SpillPlace(uint Value);
