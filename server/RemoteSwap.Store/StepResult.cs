namespace RemoteSwap.Store;

/// <summary>How a step of reclaim ended.</summary>
public enum StepResult
{
    /// <summary>There was no frame that could go.</summary>
    Nothing = 0,

    /// <summary>At least one frame was freed.</summary>
    Freed,

    /// <summary>Frames were tried, and none was freed; or there was no place to write them to.</summary>
    Failed,
}
