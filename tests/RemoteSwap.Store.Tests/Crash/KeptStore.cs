using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>A store whose spill file is kept: one life of a server, a page at a time.</summary>
internal sealed class KeptStore : IDisposable
{
    public static readonly Guid Boot = new("6f0cd6f3-26b1-4a4e-b9ad-1f2d8f0a7c11");
    public static readonly Guid OtherBoot = new("0d8a3b0e-54de-4d0b-9a0c-9c1f6f1f7a22");

    private KeptStore(KeptFiles files, Guid boot, int places, string[] tenants)
    {
        Spill = new SpillFile(files.Spill, places * 4096L, files.Book, boot);
        Store = new PageStore(
            new StoreOptions { LimitBytes = 1 << 20, WarmBytes = 0 },
            tenants.ToDictionary(name => name, _ => new TenantOptions { Shards = 1 }, StringComparer.Ordinal),
            Spill);
    }

    public SpillFile Spill { get; }

    public PageStore Store { get; }

    /// <summary>What the start found.</summary>
    public RestoredPages Restored => Store.Kept.Restored;

    /// <summary>Begins a life.</summary>
    public static async Task<KeptStore> BeginAsync(
        KeptFiles files, Guid? boot = null, int places = 64, params string[] tenants)
    {
        KeptStore store = new(files, boot ?? Boot, places, tenants.Length == 0 ? ["a"] : tenants);
        await store.Store.Kept.RestoreAsync();
        return store;
    }

    /// <summary>Stores a page, whose bytes its slot and generation say.</summary>
    public void Put(ulong slot, ulong generation = 1, int size = 1000, string tenant = "a")
    {
        byte[] zpage = PageOf(slot, generation, size);
        Assert.Equal(StoreOutcome.Stored, StoreRig.PutOne(Store, TenantOf(tenant), slot, zpage, generation));
    }

    /// <summary>Writes all frames that are in memory to the spill file.</summary>
    public Task SpillAllAsync(string tenant = "a") =>
        Store.ReclaimAsync(TenantOf(tenant), int.MaxValue, 1).AsTask();

    public async Task<(LoadOutcome Outcome, byte[] Zpage)> GetAsync(ulong slot, string tenant = "a")
    {
        LoadBatch batch = new() { Count = 1 };
        batch.Slots[0] = slot;
        await Store.LoadAsync(TenantOf(tenant), batch);
        return (batch.Outcomes[0], batch.Zpages.ToArray());
    }

    /// <summary>Requires that a slot has the page that was put there.</summary>
    public async Task AssertKeptAsync(ulong slot, ulong generation = 1, int size = 1000, string tenant = "a")
    {
        (LoadOutcome outcome, byte[] zpage) = await GetAsync(slot, tenant);
        Assert.Equal(LoadOutcome.Loaded, outcome);
        Assert.Equal(PageOf(slot, generation, size), zpage);
    }

    public Tenant TenantOf(string name) => Store.TryGetTenant(name, out Tenant? tenant)
        ? tenant
        : throw new ArgumentException(name);

    public void Dispose() => Store.Dispose();

    private static byte[] PageOf(ulong slot, ulong generation, int size) =>
        Zpages.Make((int)((slot * 1000) + generation), size);
}
