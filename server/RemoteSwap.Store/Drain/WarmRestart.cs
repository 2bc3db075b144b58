using System.Diagnostics;
using System.Security.Cryptography;

namespace RemoteSwap.Store;

/// <summary>
/// The end of a server that comes back, and its beginning.
/// <para>
/// Drain: (1) calls that change pages are ended for good; (2) every frame is written as an image, and what of the index
/// stands in no frame; (3) the manifest; (4) the book of areas, with the mark that names the drain. Each is on the
/// medium before the next one is begun, so a mark is never there without what it names.
/// </para>
/// <para>
/// Start: (1) the manifest that the mark names is compared with what is configured, (2) the live book of the spill file
/// brings back what is there, and the images are taken into memory, (3) the book is begun anew, without the mark, (4)
/// the images are deleted. From (3) on they are of no use: a crash later cannot bring old pages back. Before it, a
/// start may be given up and repeated.
/// </para>
/// <para>
/// A start that would lose pages because of what is configured is refused, unless it is told to discard them. Pages
/// that cannot be proven are lost: then this is a new life, whose clients are told so, though what is proven is kept.
/// </para>
/// </summary>
public sealed class WarmRestart(PageStore store)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);

    private readonly StateFolder? _state = store.State;

    /// <summary>
    /// How long a drain waits for calls and writes that are under way, 30 s. Then it goes on without them: what a
    /// reclaim has not ended by then stays as it was in memory.
    /// </summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a drain can be written.</summary>
    public bool IsKept => _state is not null;

    /// <summary>Writes everything; the store must not be used any more.</summary>
    /// <param name="progress">Is told how far it has come.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">It could not be written: pages end with this process.</exception>
    public async Task<WarmResult> DrainAsync(
        IProgress<WarmProgress>? progress, CancellationToken cancellation = default)
    {
        StateFolder state = _state ?? throw new InvalidOperationException("there is no state folder to drain to");
        long began = Stopwatch.GetTimestamp();

        // (1)
        store.BeginDrain();
        bool isQuiet = await CloseAsync(cancellation);

        // (2)
        ulong drain = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
        DrainManifest manifest = new()
        {
            Drain = drain,
            Incarnation = store.Incarnation.Value,
            SpillFile = store.Target?.Identity ?? SpillIdentity.None,
        };
        try
        {
            manifest = await WriteImagesAsync(state, manifest, progress, cancellation) with
            {
                ElapsedMilliseconds = (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds,
            };

            // (3), (4)
            DrainManifestFile.Write(state.ManifestPath, manifest);
            state.Areas.End(store.Owners.Records(), drain);
        }
        catch
        {
            state.DeleteImages();
            throw;
        }

        return store.Warm.Drained = ResultOf(manifest, Stopwatch.GetElapsedTime(began)) with
        {
            PagesAtRisk = isQuiet ? 0 : manifest.Tenants.Sum(tenant => tenant.SpilledPages),
            WasHung = !isQuiet,
        };
    }

    /// <summary>Takes what the last life left, if it left anything, and begins this one.</summary>
    /// <param name="discards">Whether pages that cannot come back are given up.</param>
    /// <param name="progress">Is told how far it has come.</param>
    /// <param name="cancellation">Gives up; the next start may try again.</param>
    /// <exception cref="StateException">Pages would be lost, and that is not wanted.</exception>
    /// <exception cref="IOException">The state folder cannot be read or written.</exception>
    public async Task<WarmResult> StartAsync(
        bool discards, IProgress<WarmProgress>? progress, CancellationToken cancellation = default)
    {
        if (_state is null)
        {
            return default;
        }

        WarmResult result = _state.WasDrained ? await RestoreAsync(_state, discards, progress, cancellation) : default;
        store.Warm.Restored = result;

        // After a crash there is only what was spilled.
        await store.Kept.RestoreAsync(cancellation: cancellation);

        // (3), (4)
        store.Begin();
        _state.DeleteImages();
        return result;
    }

    private static WarmResult ResultOf(DrainManifest manifest, TimeSpan elapsed) => new(
        manifest.Tenants.Sum(tenant => tenant.Pages),
        ImageGroup.FileBytes(manifest.Images),
        manifest.Tenants.Sum(tenant => tenant.LostPages),
        elapsed);

    // Whether all that was under way has ended. A disk that hangs must not cost the pages that are in memory: what it
    // holds up is let go of, and changes nothing from then on.
    private async Task<bool> CloseAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(Patience);
        try
        {
            await store.Operations.CloseAsync(bound.Token);
            while (store.Tenants.Any(tenant => tenant.Poison is null && IsBeingReclaimed(tenant)))
            {
                await Task.Delay(s_look, bound.Token);
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            foreach (Tenant tenant in store.Tenants)
            {
                Seal(tenant);
            }

            return false;
        }
    }

    private static void Seal(Tenant tenant)
    {
        foreach (Shard shard in tenant.Shards)
        {
            lock (shard.Gate)
            {
                shard.IsSealed = true;
            }
        }
    }

    private static bool IsBeingReclaimed(Tenant tenant)
    {
        foreach (Shard shard in tenant.Shards)
        {
            lock (shard.Gate)
            {
                if (shard.Pool.Statistics.UnderReclaim > 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async Task<DrainManifest> WriteImagesAsync(
        StateFolder state, DrainManifest manifest, IProgress<WarmProgress>? progress, CancellationToken cancellation)
    {
        long all = store.Tenants.Sum(tenant => tenant.Budget.UsedFrames);
        long done = 0;
        List<DrainedTenant> tenants = [];
        using ImageWriter writer = new(state.ImagesPath, manifest.Drain, images =>
        {
            done += images;
            progress?.Report(new WarmProgress(done, Math.Max(done, all)));
        });
        foreach (Tenant tenant in store.Tenants)
        {
            tenants.Add(tenant.Poison is null
                ? await new TenantDrain(tenant, writer).RunAsync(cancellation)
                : Broken(tenant));
        }

        await writer.EndAsync();
        return manifest with { Images = writer.Images, Tenants = tenants };
    }

    // Nothing of it can be believed, so nothing of it is kept.
    private static DrainedTenant Broken(Tenant tenant) => new()
    {
        Name = tenant.Name,
        Number = tenant.Number,
        Shards = tenant.Shards.Length,
        LostPages = Math.Max(1, new TenantStatistics(tenant).StoredPages),
    };

    private async Task<WarmResult> RestoreAsync(
        StateFolder state, bool discards, IProgress<WarmProgress>? progress, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();

        // (1)
        DrainManifest? manifest = DrainManifestFile.Read(state.ManifestPath);
        manifest = manifest is not null && manifest.Drain == state.Areas.Drain ? manifest : null;
        List<string> problems = StartCheck.Find(store, state, manifest);
        if (problems.Count > 0 && !discards)
        {
            throw new StateException(
                $"pages that were drained cannot all come back: {string.Join("; ", problems)}. Correct that, or give "
                + "up what cannot come back with State:Discard=true");
        }

        if (manifest is null)
        {
            store.LoseMemory(_ => true);
            return new WarmResult(0, 0, 1, Stopwatch.GetElapsedTime(began));
        }

        store.Warm.Drained = ResultOf(manifest, TimeSpan.FromMilliseconds(manifest.ElapsedMilliseconds));

        // (2) Spilled pages first: what the images say of empty slots stands in their leaves.
        await store.Kept.RestoreAsync(isWhole: true, keepsCrowded: !discards, cancellation);
        Dictionary<string, TenantRestore> tenants = [];
        await ReadImagesAsync(state, manifest, tenants, progress, cancellation);
        long unplaced = tenants.Values.Sum(tenant => tenant.Unplaced) + store.Kept.Restored.Crowded;
        if (unplaced > 0 && !discards)
        {
            throw new StateException(
                $"{unplaced} pages that were drained have no room in memory; raise Store:Limit and the tenants' "
                + "limits, or give them up with State:Discard=true");
        }

        if (!manifest.Tenants.All(tenant => tenants.TryGetValue(tenant.Name, out TenantRestore? back) && back.IsWhole))
        {
            store.LoseMemory(name => !tenants.TryGetValue(name, out TenantRestore? back) || !back.IsWhole);
            MarkAreas(manifest, tenants);
        }

        return new WarmResult(
            tenants.Values.Sum(tenant => tenant.Pages),
            ImageGroup.FileBytes(manifest.Images),
            manifest.Tenants.Sum(tenant => tenants.TryGetValue(tenant.Name, out TenantRestore? back)
                ? back.LostPages
                : tenant.Pages + tenant.LostPages),
            Stopwatch.GetElapsedTime(began));
    }

    // Also areas that nobody owns answer LOST where a page may have been.
    private void MarkAreas(DrainManifest manifest, Dictionary<string, TenantRestore> tenants)
    {
        foreach (DrainedTenant drained in manifest.Tenants)
        {
            if (tenants.TryGetValue(drained.Name, out TenantRestore? back) && !back.IsWhole
                && store.TryGetTenant(drained.Name, out Tenant? tenant))
            {
                foreach (uint area in drained.Areas.Where(area => area < (uint)tenant.Options.Areas))
                {
                    tenant.Areas[new AreaId(area)].HasLostPages = true;
                }
            }
        }
    }

    private async Task ReadImagesAsync(
        StateFolder state,
        DrainManifest manifest,
        Dictionary<string, TenantRestore> tenants,
        IProgress<WarmProgress>? progress,
        CancellationToken cancellation)
    {
        using ImageReader reader = new(state.ImagesPath, manifest.Images);
        long done = 0;
        using IEnumerator<TenantRestore?> images = Order(manifest, tenants).GetEnumerator();
        while (await reader.ReadAsync() is { } read)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int image = 0; image < read.Group.Count; image++)
            {
                images.MoveNext();
                if (read.IsRead)
                {
                    images.Current?.Take(read.Group.Frame(image), read.Group.Header(image));
                }
                else
                {
                    images.Current?.Miss();
                }
            }

            done += read.Group.Count;
            progress?.Report(new WarmProgress(done, manifest.Images));
        }

        // Tenants without an image come too.
        while (images.MoveNext())
        {
        }
    }

    // Of each image whose it is; null: nobody's who is still there.
    private IEnumerable<TenantRestore?> Order(DrainManifest manifest, Dictionary<string, TenantRestore> tenants)
    {
        foreach (DrainedTenant drained in manifest.Tenants)
        {
            TenantRestore? restore = null;
            if (store.TryGetTenant(drained.Name, out Tenant? tenant))
            {
                restore = new TenantRestore(tenant, drained, manifest.Drain);
                tenants.Add(drained.Name, restore);
            }

            for (long image = 0; image < drained.Images; image++)
            {
                yield return restore;
            }
        }
    }
}
