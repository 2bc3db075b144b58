namespace RemoteSwap.Client.Requests;

/// <summary>Where the requests for batches of a connection come from and go back to.</summary>
internal sealed class RequestStashes
{
    // As many as a busy connection has under way; each is some hundred bytes, its message is not kept with it.
    private const int MostKept = 256;

    /// <summary>Stores.</summary>
    public Stash<BatchStore> Stores { get; } = new(static home => new BatchStore(home), MostKept);

    /// <summary>Loads.</summary>
    public Stash<BatchLoad> Loads { get; } = new(static home => new BatchLoad(home), MostKept);

    /// <summary>Loads of zpages.</summary>
    public Stash<BatchZpageLoad> ZpageLoads { get; } = new(static home => new BatchZpageLoad(home), MostKept);

    /// <summary>Invalidations.</summary>
    public Stash<BatchInvalidate> Invalidations { get; } = new(static home => new BatchInvalidate(home), MostKept);

    /// <summary>Pings.</summary>
    public Stash<ShapedPing> Pings { get; } = new(static home => new ShapedPing(home), MostKept);
}
