namespace RemoteSwap.Store;

/// <summary>How far a drain or a start has come.</summary>
/// <param name="Images">Images written or read.</param>
/// <param name="AllImages">About how many there will be.</param>
public readonly record struct WarmProgress(long Images, long AllImages);
