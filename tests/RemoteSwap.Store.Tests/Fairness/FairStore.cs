using RemoteSwap.Pool;
using RemoteSwap.Store.Tests.Rig;

namespace RemoteSwap.Store.Tests.Fairness;

/// <summary>A store with a few tenants that are not alike, and a writeback target.</summary>
internal sealed class FairStore : IDisposable
{
    private readonly StoreBatch _batch = new();

    public FairStore(long limitFrames, params TenantOptions[] tenants)
    {
        Store = new PageStore(
            new StoreOptions { LimitBytes = limitFrames * FrameArena.FrameBytes, WarmBytes = 0, HugePages = false },
            Enumerable.Range(0, tenants.Length).ToDictionary(Name, number => tenants[number]),
            Target);
    }

    public MemoryTarget Target { get; } = new(places: 1 << 16);

    public PageStore Store { get; }

    public static long Bytes(long frames) => frames * FrameArena.FrameBytes;

    public TenantStatistics Figures(int tenant) => new(Store.Tenants[tenant]);

    /// <summary>Frames that a tenant uses.</summary>
    public long Used(int tenant) => Store.Tenants[tenant].Budget.UsedFrames;

    /// <summary>Stores a page that has a frame of its own.</summary>
    public StoreOutcome Put(int tenant, ulong slot)
    {
        byte[] zpage = Zpages.Make((int)slot, 3000);
        StoreRig.FillRow(_batch, 0, slot, zpage, generation: 0);
        _batch.Count = 1;
        _batch.Zpages = Zpages.Message(zpage);
        Store.Store(Store.Tenants[tenant], _batch);
        return _batch.Outcomes[0];
    }

    public void Forget(int tenant, ulong slot) =>
        Store.Invalidate(Store.Tenants[tenant], default, new Slot(slot), Generation.None);

    public void Dispose()
    {
        Store.Dispose();
        Target.Dispose();
    }

    private static string Name(int number) => $"t{number:000}";
}
