using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Requests;

/// <summary>Where the requests for batches of a connection come from and go back to.</summary>
/// <param name="meter">Measures them.</param>
internal sealed class RequestStashes(ClientMeter meter)
{
    // As many as a busy connection has under way; each is some hundred bytes, its message is not kept with it.
    private const int MostKept = 256;

    /// <summary>Stores.</summary>
    public Stash<BatchStore> Stores { get; } = new(home => new BatchStore(home, meter), MostKept);

    /// <summary>Loads.</summary>
    public Stash<BatchLoad> Loads { get; } = new(home => new BatchLoad(home, meter), MostKept);

    /// <summary>Loads of zpages.</summary>
    public Stash<BatchZpageLoad> ZpageLoads { get; } = new(home => new BatchZpageLoad(home, meter), MostKept);

    /// <summary>Invalidations.</summary>
    public Stash<BatchInvalidate> Invalidations { get; } = new(home => new BatchInvalidate(home, meter), MostKept);

    /// <summary>Pings.</summary>
    public Stash<ShapedPing> Pings { get; } = new(home => new ShapedPing(home, meter), MostKept);
}
