namespace RemoteSwap.Pool;

/// <summary>
/// Where a pool gets its frames, and where somebody may say no: the arena itself, or a budget in front of it.
/// Thread-safe.
/// </summary>
public interface IFrameSource
{
    /// <summary>Takes a frame. Its content is whatever was there.</summary>
    /// <returns>Whether there was one.</returns>
    bool TryTake(out FrameNumber frame);

    /// <summary>Gives a frame back.</summary>
    void Return(FrameNumber frame);
}
