using RemoteSwap.Client.Requests;

namespace RemoteSwap.Client.Gathering;

/// <summary>Where the gathered batches of a connection come from and go back to.</summary>
internal sealed class GatheredStashes
{
    // Each keeps the columns of 64 pages, some 3 KB; its message is not kept with it.
    private const int MostKept = 64;

    /// <summary>Stores.</summary>
    public Stash<GatheredStore> Stores { get; } = new(static home => new GatheredStore(home), MostKept);

    /// <summary>Loads.</summary>
    public Stash<GatheredLoad> Loads { get; } = new(static home => new GatheredLoad(home), MostKept);

    /// <summary>Invalidations.</summary>
    public Stash<GatheredInvalidate> Invalidations { get; } =
        new(static home => new GatheredInvalidate(home), MostKept);
}
