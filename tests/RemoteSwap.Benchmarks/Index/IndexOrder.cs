namespace RemoteSwap.Benchmarks.Index;

/// <summary>In which order slots are used.</summary>
public enum IndexOrder
{
    /// <summary>One after the other, as a scan or a swap-out of a large run does.</summary>
    Sequential,

    /// <summary>At random.</summary>
    Random,
}
