namespace RemoteSwap.Store;

/// <summary>
/// Compares the spill file that is configured with the one that a drain has left pages in, before either is touched:
/// whoever opens another file begins its live book anew, and then the pages of the right one are lost.
/// </summary>
public static class DrainedSpill
{
    /// <summary>Tells why a spill file must not be opened.</summary>
    /// <param name="state">What the last life left.</param>
    /// <param name="path">The configured file.</param>
    /// <returns>What is wrong, in words; null: nothing.</returns>
    /// <exception cref="IOException">The state folder or the file can not be read.</exception>
    public static string? WhyNot(StateFolder state, string path)
    {
        DrainManifest? manifest = state.WasDrained ? DrainManifestFile.Read(state.ManifestPath) : null;
        if (manifest is null || manifest.Drain != state.Areas.Drain || manifest.SpillFile.Id == Guid.Empty)
        {
            return null;
        }

        long pages = manifest.Tenants.Sum(tenant => tenant.SpilledPages);
        if (pages == 0 || SpillStart.IdOf(path) == manifest.SpillFile.Id)
        {
            return null;
        }

        string what = File.Exists(path) ? "is another file" : "is not there";
        return $"the last server has left {pages} pages in its spill file, which was '{manifest.SpillFile.Path}', and "
            + $"this one {what}; name the right one, or give the pages up with State:Discard=true";
    }
}
