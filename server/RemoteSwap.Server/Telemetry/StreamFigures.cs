namespace RemoteSwap.Server.Telemetry;

/// <summary>How many Exchange streams there are, and how many of their requests wait for the spill file.</summary>
internal sealed class StreamFigures
{
    private long _streams;
    private long _inFlight;

    /// <summary>Streams that are open.</summary>
    public long Streams => Volatile.Read(ref _streams);

    /// <summary>Requests whose spilled pages are being read.</summary>
    public long InFlight => Volatile.Read(ref _inFlight);

    /// <summary>A stream has begun, or ended.</summary>
    public void AddStreams(int change) => Interlocked.Add(ref _streams, change);

    /// <summary>A request begins, or ends, to wait for the spill file.</summary>
    public void AddInFlight(int change) => Interlocked.Add(ref _inFlight, change);
}
