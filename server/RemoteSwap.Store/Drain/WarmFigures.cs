namespace RemoteSwap.Store;

/// <summary>
/// What the end of the last life wrote, and what the start of this one brought back. A drain that has ended is seen in
/// the next life: by then nobody can ask the old one any more.
/// </summary>
public sealed class WarmFigures
{
    /// <summary>The drain with which this life ends, or else that with which the last one ended; zeroes: there was
    /// none.</summary>
    public WarmResult Drained { get; internal set; }

    /// <summary>What this life's start has brought back from it; zeroes: there was nothing.</summary>
    public WarmResult Restored { get; internal set; }
}
