namespace RemoteSwap.Store;

/// <summary>Who owns the areas of a store: the part of <see cref="PageStore"/> that moves no pages.</summary>
public sealed class AreaOwners
{
    private readonly PageStore _store;

    internal AreaOwners(PageStore store)
    {
        _store = store;
        foreach (Tenant tenant in store.Tenants)
        {
            tenant.Sessions = new AreaSessions(store, tenant);
        }
    }

    /// <summary>Attaches a client to an area.</summary>
    public static AttachResult Attach(Tenant tenant, AreaId area, AttachTerms terms) =>
        tenant.Sessions.Attach(area, terms);

    /// <summary>Notes that an area's owner is alive.</summary>
    /// <returns>Whether it is the owner.</returns>
    public static bool KeepAlive(Tenant tenant, AreaId area, AttachEpoch epoch) =>
        tenant.Sessions.KeepAlive(area, epoch);

    /// <summary>Ends the ownership of an area.</summary>
    /// <returns>Pages that were dropped; null: it is not the owner, and nothing was done.</returns>
    public static long? Detach(Tenant tenant, AreaId area, AttachEpoch epoch, bool keepPages) =>
        tenant.Sessions.Detach(area, epoch, keepPages);

    /// <summary>Opens the way to hand pages to an area's owner. One that was open is replaced.</summary>
    /// <returns>The way, to be closed by whoever opened it; null: the epoch is not the owner's.</returns>
    public static EvictionOutlet? OpenOutlet(Tenant tenant, AreaId area, AttachEpoch epoch) =>
        tenant.Sessions.OpenOutlet(area, epoch);

    /// <summary>How many areas of a tenant have an owner.</summary>
    public static long CountOwned(Tenant tenant)
    {
        (int attached, int orphans) = tenant.Sessions.Count();
        return attached + orphans;
    }

    /// <summary>The areas of a tenant that have an owner.</summary>
    public static IReadOnlyList<AreaReport> List(Tenant tenant) => tenant.Sessions.List();

    /// <summary>
    /// Looks whether the owners of areas are alive, and drops what was abandoned for too long. To be called regularly.
    /// </summary>
    /// <param name="interval">The time between two calls.</param>
    public void Sweep(TimeSpan interval)
    {
        foreach (Tenant tenant in _store.Tenants)
        {
            tenant.Sessions.Sweep(interval);
        }
    }

    /// <summary>Ends what a kill left half done; before anything is served.</summary>
    internal void EndEmptying()
    {
        foreach (Tenant tenant in _store.Tenants)
        {
            tenant.Sessions.EndEmptying();
        }
    }

    /// <summary>Everything that is known of all areas that were ever attached to.</summary>
    internal IEnumerable<AreaRecord> Records() => _store.Tenants.SelectMany(tenant => tenant.Sessions.Records());

    /// <summary>
    /// Makes the areas what the last life of the server left: as they were after a drain, without what was in memory
    /// after a crash. Areas that are configured no more stay in the book.
    /// </summary>
    internal void Restore()
    {
        if (_store.State is not { } state)
        {
            return;
        }

        foreach (AreaRecord record in state.Areas.Areas)
        {
            if (_store.TryGetTenant(record.Tenant, out Tenant? tenant) && record.Area.Value < tenant.Options.Areas)
            {
                tenant.Areas[record.Area].Restore(
                    state.WasDrained ? record : record.AfterCrash(_store.Incarnation));
            }
        }
    }

    /// <summary>
    /// Makes the areas what they are after a crash, since not all came back that was drained; before anything is
    /// served.
    /// </summary>
    /// <param name="losesPages">Whether a tenant's pages may be lost.</param>
    internal void RestoreAfterLoss(Func<string, bool> losesPages)
    {
        foreach (AreaRecord record in Records().ToArray())
        {
            _store.TryGetTenant(record.Tenant, out Tenant? tenant);
            tenant!.Areas[record.Area].Restore(record.AfterCrash(_store.Incarnation, losesPages(record.Tenant)));
        }
    }
}
