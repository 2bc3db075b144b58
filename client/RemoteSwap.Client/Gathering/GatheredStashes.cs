using RemoteSwap.Client.Requests;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Gathering;

/// <summary>Where the gathered batches of a connection come from and go back to.</summary>
/// <param name="meter">Measures them.</param>
internal sealed class GatheredStashes(ClientMeter meter)
{
    // Each keeps the columns of 64 pages, some 3 KB; its message is not kept with it.
    private const int MostKept = 64;

    /// <summary>Stores.</summary>
    public Stash<GatheredStore> Stores { get; } = new(home => new GatheredStore(home, meter), MostKept);

    /// <summary>Loads.</summary>
    public Stash<GatheredLoad> Loads { get; } = new(home => new GatheredLoad(home, meter), MostKept);

    /// <summary>Invalidations.</summary>
    public Stash<GatheredInvalidate> Invalidations { get; } =
        new(home => new GatheredInvalidate(home, meter), MostKept);
}
