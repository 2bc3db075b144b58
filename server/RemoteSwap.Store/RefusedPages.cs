namespace RemoteSwap.Store;

/// <summary>Pages of a tenant that were refused for one cause, close together.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Cause">Why.</param>
/// <param name="Pages">How many.</param>
/// <param name="First">When the first was.</param>
/// <param name="Last">When the last was.</param>
public sealed record RefusedPages(
    string Tenant, StoreOutcome Cause, long Pages, DateTimeOffset First, DateTimeOffset Last);
