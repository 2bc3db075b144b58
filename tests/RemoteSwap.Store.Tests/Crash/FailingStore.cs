using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>A store with forty pages whose spill file fails when a test wants it to.</summary>
internal sealed class FailingStore : IAsyncDisposable
{
    private const int Pages = 40;
    private const int Bytes = 1500;

    private FailingStore(KeptFiles files)
    {
        Target = new WatchedSpill(new SpillFile(files.Spill, 64 * 4096, files.Book));
        Store = new PageStore(
            new StoreOptions { LimitBytes = 1 << 20 },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { ["a"] = new() { Shards = 1 } },
            Target);
    }

    public WatchedSpill Target { get; }

    public PageStore Store { get; }

    public Tenant Tenant => Store.Tenants[0];

    public static async Task<FailingStore> BeginAsync(KeptFiles files)
    {
        FailingStore store = new(files);
        await store.Store.Kept.RestoreAsync();
        for (ulong slot = 0; slot < Pages; slot++)
        {
            byte[] zpage = Zpages.Make((int)slot, Bytes);
            Assert.Equal(
                StoreOutcome.Stored, StoreRig.PutOne(store.Store, store.Tenant, slot, zpage, generation: 1));
        }

        return store;
    }

    /// <summary>Requires that all pages are there.</summary>
    public async Task AssertAllAsync()
    {
        LoadBatch load = new() { Count = 1 };
        for (ulong slot = 0; slot < Pages; slot++)
        {
            load.Slots[0] = slot;
            await Store.LoadAsync(Tenant, load);
            Assert.Equal(LoadOutcome.Loaded, load.Outcomes[0]);
            Assert.Equal(Zpages.Make((int)slot, Bytes), load.Zpages.ToArray());
        }

        Assert.Empty(StoreAudit.Run(Tenant, deep: true).Violations);
    }

    public ValueTask DisposeAsync()
    {
        Store.Dispose();
        Target.Dispose();
        return ValueTask.CompletedTask;
    }
}
