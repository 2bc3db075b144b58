namespace RemoteSwap.Client;

/// <summary>Bounds of the wire contract, and the client's own bounds on what it has under way.</summary>
internal static class WireLimits
{
    /// <summary>Pages (or slots) in one call.</summary>
    public const int MaxBatchPages = 512;

    /// <summary>Bytes of one message, either way.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    /// <summary>The newest generation.</summary>
    public const ulong MaxGeneration = (1UL << 56) - 1;

    /// <summary>Frames that one reclaim may ask for.</summary>
    public const int MaxReclaimFrames = 1_048_576;

    /// <summary>Failures that one reclaim may bear.</summary>
    public const int MaxReclaimRetries = 1024;

    /// <summary>
    /// Calls that one batch of more than <see cref="MaxBatchPages"/> pages has in flight: enough to keep encoding, wire
    /// and server busy at the same time, few enough that a huge batch holds at most four times 2 MiB of buffers.
    /// </summary>
    public const int MaxCallsInFlight = 4;
}
