using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>Finds why pages that were drained could not come back, before any of them is touched.</summary>
internal static class StartCheck
{
    /// <summary>Compares a manifest with what there is now.</summary>
    /// <returns>What stands in the way, in words; empty: nothing.</returns>
    public static List<string> Find(PageStore store, StateFolder state, DrainManifest? manifest)
    {
        List<string> problems = [];
        if (manifest is null)
        {
            problems.Add($"'{state.ManifestPath}' is not there, is damaged, or is not of the last drain");
            return problems;
        }

        long length = File.Exists(state.ImagesPath) ? new FileInfo(state.ImagesPath).Length : 0;
        if (length == 0 && manifest.Images > 0)
        {
            problems.Add($"'{state.ImagesPath}' is not there");
        }

        foreach (DrainedTenant drained in manifest.Tenants.Where(tenant => tenant.Pages + tenant.SpilledPages > 0))
        {
            if (!store.TryGetTenant(drained.Name, out Tenant? tenant))
            {
                problems.Add($"tenant '{drained.Name}' with {drained.Pages + drained.SpilledPages} pages is not "
                    + "configured any more");
                continue;
            }

            if (drained.Areas.Count > 0 && drained.Areas[^1] >= (uint)tenant.Options.Areas)
            {
                problems.Add($"tenant '{drained.Name}' has pages in area {drained.Areas[^1]}, and Tenants:"
                    + $"{drained.Name}:Areas is {tenant.Options.Areas}");
            }

            AddLimit(problems, $"the limit of tenant '{drained.Name}'", drained.Frames, tenant.Budget.Gate);
        }

        AddLimit(problems, "Store:Limit", manifest.Tenants.Sum(tenant => tenant.Frames), store.Budget.Gate);
        if (manifest.Tenants.Any(tenant => tenant.SpilledPages > 0) && store.Target?.Book is null)
        {
            problems.Add($"{manifest.Tenants.Sum(tenant => tenant.SpilledPages)} pages are in the spill file, and "
                + "Spill:Path is not set");
        }

        return problems;
    }

    private static void AddLimit(List<string> problems, string name, long frames, LimitGate gate)
    {
        if (frames > gate.LimitFrames)
        {
            problems.Add($"{name} is {gate.LimitFrames * FrameArena.FrameBytes} bytes, and the pages need "
                + $"{frames * FrameArena.FrameBytes}");
        }
    }
}
