namespace RemoteSwap.LoadGen.Reports.Model;

/// <summary>The server and the load on it.</summary>
/// <param name="Server">Its address.</param>
/// <param name="Embedded">Whether it ran in this process.</param>
/// <param name="ServerVersion">Its version; empty if it did not say.</param>
/// <param name="MemoryLimitBytes">Limit of a server in this process; null for another.</param>
/// <param name="Tenants">The tenants.</param>
/// <param name="Area">The area of each.</param>
/// <param name="AreaSlots">Slots of each area.</param>
/// <param name="Workers">Workers of each tenant, each with one call on the way.</param>
/// <param name="BatchPages">Pages of a call.</param>
/// <param name="RatePagesPerSecond">Open loop: pages a second; null: closed loop.</param>
/// <param name="ReadPercent">Loads of a hundred calls of the mixed phase.</param>
/// <param name="Distribution">Order of slots in the mixed phase.</param>
/// <param name="Sources">Sources of pages, as given.</param>
internal sealed record SetupReport(
    Uri Server,
    bool Embedded,
    string ServerVersion,
    long? MemoryLimitBytes,
    IReadOnlyList<string> Tenants,
    uint Area,
    long AreaSlots,
    int Workers,
    int BatchPages,
    double? RatePagesPerSecond,
    int ReadPercent,
    string Distribution,
    IReadOnlyList<string> Sources);
