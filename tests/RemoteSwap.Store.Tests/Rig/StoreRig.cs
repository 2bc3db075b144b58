using Xunit;

namespace RemoteSwap.Store.Tests.Rig;

/// <summary>A store with what tests do to it all the time, one page at a time.</summary>
internal sealed class StoreRig : IDisposable
{
    public const string A = "a";
    public const string B = "b";

    [ThreadStatic]
    private static StoreBatch? s_store;

    [ThreadStatic]
    private static LoadBatch? s_load;

    public StoreRig(
        long limitBytes = 8 << 20,
        MemoryTarget? target = null,
        TenantOptions? tenantA = null,
        TenantOptions? tenantB = null,
        long scrubBytesPerSecond = 32 << 20,
        PromotePolicy promote = PromotePolicy.Second,
        StateFolder? state = null,
        TimeProvider? time = null,
        int compactAbovePercent = 20)
    {
        Target = target;
        Store = new PageStore(
            new StoreOptions
            {
                LimitBytes = limitBytes,
                WarmBytes = 0,
                PoisonFreedFrames = true,
                ScrubBytesPerSecond = scrubBytesPerSecond,
                Promote = promote,
                CompactAbovePercent = compactAbovePercent,
            },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal)
            {
                [A] = tenantA ?? new TenantOptions { Shards = 2 },
                [B] = tenantB ?? new TenantOptions { Shards = 2 },
            },
            target,
            state: state,
            time: time);
        TenantA = Tenant(A);
        TenantB = Tenant(B);
    }

    public PageStore Store { get; }

    public MemoryTarget? Target { get; }

    public Tenant TenantA { get; }

    public Tenant TenantB { get; }

    public Tenant Tenant(string name) => Store.TryGetTenant(name, out Tenant? tenant)
        ? tenant
        : throw new ArgumentException(name);

    public TenantStatistics Figures(Tenant? tenant = null) => new(tenant ?? TenantA);

    public StoreOutcome Put(ulong slot, byte[] zpage, ulong generation = 0, uint area = 0, Tenant? tenant = null) =>
        PutOne(Store, tenant ?? TenantA, slot, zpage, generation, area);

    /// <summary>Stores one page.</summary>
    public static StoreOutcome PutOne(
        PageStore store,
        Tenant tenant,
        ulong slot,
        byte[] zpage,
        ulong generation,
        uint area = 0,
        AttachEpoch epoch = default)
    {
        StoreBatch batch = s_store ??= new StoreBatch();
        FillRow(batch, 0, slot, zpage, generation);
        batch.Area = new AreaId(area);
        batch.Epoch = epoch;
        batch.Count = 1;
        batch.Zpages = Zpages.Message(zpage);
        batch.AllOrNothing = false;
        store.Store(tenant, batch);
        return batch.Outcomes[0];
    }

    public StoreOutcome[] PutAll(bool allOrNothing, params (ulong Slot, byte[] Zpage)[] pages)
    {
        StoreBatch batch = new();
        for (int page = 0; page < pages.Length; page++)
        {
            FillRow(batch, page, pages[page].Slot, pages[page].Zpage, 0);
        }

        batch.Count = pages.Length;
        batch.Zpages = Zpages.Message([.. pages.Select(page => page.Zpage)]);
        batch.AllOrNothing = allOrNothing;
        Store.Store(TenantA, batch);
        return batch.Outcomes[..pages.Length];
    }

    public async Task<Loaded> GetAsync(ulong slot, uint area = 0, Tenant? tenant = null, bool exclusive = false)
    {
        LoadBatch batch = new() { Area = new AreaId(area), Count = 1, Exclusive = exclusive };
        batch.Slots[0] = slot;
        await Store.LoadAsync(tenant ?? TenantA, batch);
        return new Loaded(batch.Outcomes[0], batch.Zpages.ToArray(), batch.Pages[0].Generation.Value);
    }

    public Loaded Get(ulong slot, uint area = 0, Tenant? tenant = null, bool exclusive = false)
    {
        LoadBatch batch = s_load ??= new LoadBatch();
        batch.Area = new AreaId(area);
        batch.Count = 1;
        batch.Exclusive = exclusive;
        batch.Slots[0] = slot;
        Store.LoadAsync(tenant ?? TenantA, batch).AsTask().GetAwaiter().GetResult();
        return new Loaded(batch.Outcomes[0], batch.Zpages.ToArray(), batch.Pages[0].Generation.Value);
    }

    public InvalidateOutcome Forget(
        ulong slot, ulong generation = 0, uint area = 0, Tenant? tenant = null, bool acknowledge = false) =>
        Store.Invalidate(tenant ?? TenantA, new AreaId(area), new Slot(slot), new Generation(generation), acknowledge);

    /// <summary>Merges and moves frames, at most so many.</summary>
    public CompactResult Compact(int maxFrames, Tenant? tenant = null) =>
        Store.Compactor.RunAsync(tenant ?? TenantA, maxFrames).AsTask().GetAwaiter().GetResult();

    /// <summary>Runs a pass of the scrubber, or as much of one as its rate allows in a second.</summary>
    public Task ScrubAsync() => Store.Scrubber.ScrubAsync(Scrubber.ShortestPass, CancellationToken.None).AsTask();

    /// <summary>Requires that all books balance.</summary>
    public void AssertClean(bool deep = false)
    {
        foreach (Tenant tenant in Store.Tenants)
        {
            Assert.Null(tenant.Poison);
            string violations = string.Join("; ", StoreAudit.Run(tenant, deep).Violations);
            Assert.True(violations.Length == 0, violations);
        }

        Assert.Equal(
            Store.Tenants.Sum(tenant => Math.Max(tenant.Budget.GuaranteedFrames, tenant.Budget.UsedFrames)),
            Store.Budget.ChargedFrames);
        Assert.Equal(Store.Statistics.UsedBytes, Store.Tenants.Sum(tenant => new TenantStatistics(tenant).UsedBytes));
    }

    /// <summary>Requires that nothing is left: no page, no frame, no place.</summary>
    public void AssertEmpty()
    {
        AssertClean();
        Assert.Equal(0, Store.Statistics.UsedBytes);
        Assert.Equal(0, Target?.UsedBytes ?? 0);
    }

    public void Dispose() => Store.Dispose();

    public static void FillRow(StoreBatch batch, int row, ulong slot, byte[] zpage, ulong generation)
    {
        StorePage page = Zpages.Page(0, slot, generation, zpage);
        batch.Slots[row] = slot;
        batch.Generations[row] = generation;
        batch.Sizes[row] = zpage.Length;
        batch.Encodings[row] = page.Encoding;
        batch.ZpageChecksums[row] = page.ZpageChecksum;
        batch.PageChecksums[row] = page.PageChecksum;
    }
}
