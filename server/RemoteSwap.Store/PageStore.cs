using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The store: tenants, and the four verbs on their pages. It knows nothing of gRPC; whoever calls it has checked what a
/// peer sent (lengths, encodings, checksums, ranges).
/// <para>
/// The way of a page, Store: (1) epoch and generation are current, else FENCED or STALE; (2) limit and hysteresis,
/// maybe wake the shrinker; (3) the zpage is valid (checked by the caller, encoded here if asked for); (4) the pool
/// allocates; (5) bytes and owner record are copied; (6) the entry is published, the old one out; (7) the old one is
/// freed; (8) counted. Steps 1 and 4 to 8 are
/// <see cref="Shard.Store"/>, under the shard's lock; 2 and 3 are
/// <see cref="BatchStore"/>'s.
/// </para>
/// <para>
/// Load: entry, copy of the zpage under the shard's lock (or a read of its frame image), owner and checksum, reply.
/// Invalidate: out of the index, then freed. Reclaim: <see cref="FrameWriteback"/>.
/// </para>
/// <para>
/// Trade-off: pages of a batch are carried out one by one, each under its shard's lock for the time of one copy. A
/// batch is not isolated from others; each slot is linearisable by itself.
/// </para>
/// </summary>
public sealed class PageStore : IDisposable
{
    private readonly FrameArena _arena;
    private readonly Dictionary<string, Tenant> _tenants;
    private readonly TenantReclaim _reclaim;
    private readonly BatchStore _batches;
    private volatile bool _draining;

    /// <summary>Creates a store with its tenants.</summary>
    /// <param name="options">What the store may use; valid.</param>
    /// <param name="tenants">The tenants by name; valid.</param>
    /// <param name="target">Where frames go that memory has no room for; null: nowhere. The store disposes it.</param>
    /// <param name="codec">What encodes RAW pages for clients that ask for it.</param>
    /// <param name="incarnation">This life of the server; null: the folder's, or one that begins now.</param>
    /// <param name="state">What outlives the server; null: nothing does. The store disposes it.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="watch">Is told how long reclaim took; null: nobody is.</param>
    public PageStore(
        StoreOptions options,
        IReadOnlyDictionary<string, TenantOptions> tenants,
        IWritebackTarget? target = null,
        PageCodec? codec = null,
        Incarnation? incarnation = null,
        StateFolder? state = null,
        TimeProvider? time = null,
        IStoreWatch? watch = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tenants.Count, Tenant.MaxTenants);
        long frames = Tenant.FramesOf(options.LimitBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, FrameNumber.MaxFrames);
        Options = options;
        State = state;
        Incarnation = incarnation ?? state?.Incarnation ?? Incarnation.Begin(TimeProvider.System);
        Target = target;
        _reclaim = new TenantReclaim(target, time ?? TimeProvider.System, watch);
        int warmFrames = (int)Math.Min(int.MaxValue, options.WarmBytes / FrameArena.FrameBytes);
        _arena = new FrameArena((int)frames, warmFrames, options.PoisonFreedFrames, options.HugePages);
        Budget = new ServerBudget(new LimitGate(frames, options.AcceptThresholdPercent));
        _tenants = KeptPages.NumberTenants(target, tenants.Keys).ToDictionary(
            of => of.Name,
            of => new Tenant(
                of.Name,
                of.Number,
                tenants[of.Name],
                _arena,
                Budget,
                target,
                options.Promote,
                time ?? TimeProvider.System),
            StringComparer.Ordinal);
        Tenants = [.. _tenants.Values];
        Kept = new KeptPages(this);
        Owners = new AreaOwners(this);
        Owners.Restore();
        Shrinker = new Shrinker(Tenants, Budget, _reclaim);
        Scrubber = new Scrubber(this);
        Compactor = new Compactor(this);
        Limit = new LimitInForce(this);
        Ages = new FrameAges(_arena, Tenants);
        Refusals = new RecentRefusals(time ?? TimeProvider.System);
        _batches = new BatchStore(codec ?? PageCodec.Default, Shrinker, Refusals);
    }

    /// <summary>What the store was made with.</summary>
    public StoreOptions Options { get; }

    /// <summary>This life of the server.</summary>
    public Incarnation Incarnation { get; private set; }

    /// <summary>All tenants, by name.</summary>
    public IReadOnlyList<Tenant> Tenants { get; }

    /// <summary>What an earlier life left in the writeback target.</summary>
    public KeptPages Kept { get; }

    /// <summary>Who owns the areas.</summary>
    public AreaOwners Owners { get; }

    /// <summary>Reclaims in the background; runs where <see cref="Shrinker.RunAsync"/> is called.</summary>
    public Shrinker Shrinker { get; }

    /// <summary>How long frames have not been used.</summary>
    public FrameAges Ages { get; }

    /// <summary>Looks for corrupt pages; runs where <see cref="Scrubber.ScrubAsync"/> is called.</summary>
    public Scrubber Scrubber { get; }

    /// <summary>Merges half-empty frames, on request and in the background.</summary>
    public Compactor Compactor { get; }

    /// <summary>The limit of all tenants together, which falls when memory is short.</summary>
    public LimitInForce Limit { get; }

    /// <summary>What was refused lately.</summary>
    public RecentRefusals Refusals { get; }

    /// <summary>Whether pages can leave memory for a writeback target or a client's device.</summary>
    public bool CanReclaim => Tenants.Any(_reclaim.CanReclaim);

    /// <summary>Figures of the store as a whole.</summary>
    public StoreStatistics Statistics => StoreStatistics.Of(this);

    /// <summary>What the last drain wrote, and what this start brought back.</summary>
    public WarmFigures Warm { get; } = new();

    /// <summary>Files and folders that others could read and can not any more, in words.</summary>
    public IReadOnlyList<string> TightenedFiles =>
        [.. State?.Tightened ?? [], .. (Target as SpillFile)?.Tightened ?? []];

    /// <summary>Whether new pages are refused for good, because the server ends.</summary>
    public bool IsDraining => _draining;

    /// <summary>What outlives the server; null: nothing does.</summary>
    internal StateFolder? State { get; }

    /// <summary>The calls that change pages.</summary>
    internal OperationGate Operations { get; } = new();

    internal FrameArena Arena => _arena;

    internal ServerBudget Budget { get; }

    internal IWritebackTarget? Target { get; }

    /// <summary>Finds a tenant by its name.</summary>
    public bool TryGetTenant(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Tenant? tenant) =>
        _tenants.TryGetValue(name, out tenant);

    /// <summary>Begins this life, once all that an earlier one left is taken; before anything is served.</summary>
    /// <exception cref="IOException">It cannot be written down that it has begun.</exception>
    public void Begin()
    {
        if (State is not null)
        {
            Owners.EndEmptying();
            State.Areas.Begin(Incarnation, Owners.Records());
        }
    }

    /// <summary>Refuses new pages from now on, for good.</summary>
    public void BeginDrain() => _draining = true;

    /// <summary>Stores a batch; the outcomes are in it.</summary>
    public void Store(Tenant tenant, StoreBatch batch)
    {
        Kept.RequireReady();
        bool isDraining = _draining;
        if ((isDraining && batch.WaitsForRestart) || !Operations.TryEnter())
        {
            batch.Outcomes.AsSpan(0, batch.Count).Fill(StoreOutcome.Draining);
            return;
        }

        try
        {
            _batches.Run(tenant, batch, isDraining);
        }
        finally
        {
            Operations.Leave();
        }
    }

    /// <summary>Loads a batch; outcomes and zpages are in it.</summary>
    public ValueTask LoadAsync(Tenant tenant, LoadBatch batch) =>
        Load(tenant, batch) ? ValueTask.CompletedTask : ReadSpilledAsync(tenant, batch);

    /// <summary>
    /// Loads what a batch finds in memory. If that is not all, the batch is a user of the places of its spilled pages,
    /// and <see cref="ReadSpilledAsync"/> must follow; memory that was lent to the batch is not used any more.
    /// </summary>
    /// <returns>Whether the batch is complete; if not, some pages are spilled.</returns>
    public bool Load(Tenant tenant, LoadBatch batch)
    {
        Kept.RequireReady();
        batch.Reset();
        bool spilled = false;
        AreaClaim claim = AreaClaim.Of(tenant, batch.Area, batch.Epoch);
        batch.Lookahead.Begin(tenant, batch.Area, batch.Slots, batch.Count, replaces: false);
        for (int page = 0; page < batch.Count; page++)
        {
            batch.Lookahead.Advance(page);
            Slot slot = new(batch.Slots[page]);
            Span<byte> zpage = batch.Room.Span[batch.ZpageBytes..];
            batch.Outcomes[page] = ResidentLoad.Run(tenant, batch, in claim, page, slot, zpage);
            spilled |= !batch.Spilled[page].IsEmpty;
            batch.ZpageBytes += batch.Pages[page].Length;
        }

        if (spilled)
        {
            batch.Keep();
        }

        return !spilled;
    }

    /// <summary>Completes a batch that <see cref="Load"/> left incomplete.</summary>
    public ValueTask ReadSpilledAsync(Tenant tenant, LoadBatch batch) =>
        SpilledLoad.CompleteAsync(tenant, batch, Target!, Operations);

    /// <summary>Forgets one page.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="area">The area.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="generation">A page of a newer generation stays; none: whatever is there goes.</param>
    /// <param name="acknowledgeLoad">Only a page that was handed over, of exactly that generation, goes.</param>
    /// <param name="epoch">Who asks.</param>
    /// <param name="clock">Takes the times of its parts; null: nobody looks.</param>
    public InvalidateOutcome Invalidate(
        Tenant tenant,
        AreaId area,
        Slot slot,
        Generation generation,
        bool acknowledgeLoad = false,
        AttachEpoch epoch = default,
        StageClock? clock = null)
    {
        if (tenant.Poison is not null)
        {
            return InvalidateOutcome.Invariant;
        }

        AreaClaim claim = AreaClaim.Of(tenant, area, epoch, generation);
        Enter();
        try
        {
            clock?.Ask();
            return tenant.ShardOf(area, slot).Invalidate(in claim, area, slot, generation, acknowledgeLoad, clock);
        }
        catch (InvariantViolationException violation)
        {
            tenant.SetPoison(violation);
            return InvalidateOutcome.Invariant;
        }
        finally
        {
            Operations.Leave();
        }
    }

    /// <summary>
    /// Forgets the pages of a range; costs what is stored in it. Other operations run between its parts.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="area">The area.</param>
    /// <param name="first">The first slot.</param>
    /// <param name="count">How many slots, at least 1.</param>
    /// <param name="generation">Pages of a newer generation stay; none: whatever is there goes.</param>
    /// <param name="epoch">Who asks.</param>
    /// <param name="cancellation">Ends it between two slabs; what went by then is gone.</param>
    public InvalidatedPages InvalidateRange(
        Tenant tenant,
        AreaId area,
        Slot first,
        ulong count,
        Generation generation,
        AttachEpoch epoch = default,
        CancellationToken cancellation = default)
    {
        if (tenant.Poison is not null)
        {
            return new InvalidatedPages(InvalidateOutcome.Invariant, 0);
        }

        AreaClaim claim = AreaClaim.Of(tenant, area, epoch, generation);
        Enter();
        try
        {
            return RangeInvalidation.Run(
                tenant, in claim, area, first.Value, first.Value + count - 1, generation, cancellation);
        }
        catch (InvariantViolationException violation)
        {
            tenant.SetPoison(violation);
            return new InvalidatedPages(InvalidateOutcome.Invariant, 0);
        }
        finally
        {
            Operations.Leave();
        }
    }

    /// <summary>Forgets all pages of an area and gives their memory back to the system.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="area">The area.</param>
    /// <param name="generation">Pages of a newer generation stay; none: whatever is there goes.</param>
    /// <param name="epoch">Who asks.</param>
    public InvalidatedPages InvalidateArea(
        Tenant tenant, AreaId area, Generation generation = default, AttachEpoch epoch = default)
    {
        InvalidatedPages gone = InvalidateRange(tenant, area, default, Slot.MaxSlots, generation, epoch);
        Trim();
        return gone;
    }

    /// <summary>
    /// Frees frames of a tenant by handing their pages to the clients that take them, or writing them to the writeback
    /// target.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="targetFrames">How many frames to free, at least 1.</param>
    /// <param name="retries">How many failures to bear, 0 or more; 0 reclaims nothing.</param>
    public async ValueTask<ReclaimResult> ReclaimAsync(Tenant tenant, int targetFrames, int retries)
    {
        Enter();
        try
        {
            return await _reclaim.RunAsync(tenant, targetFrames, retries, () => _draining);
        }
        finally
        {
            Operations.Leave();
        }
    }

    /// <summary>
    /// Marks frames of a tenant, no page of which was stored or loaded for a time, as idle: they are reclaimed first.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="age">The time, rounded up to a whole minute; none: all frames.</param>
    /// <returns>Frames marked.</returns>
    public long MarkIdle(Tenant tenant, TimeSpan age)
    {
        Enter();
        try
        {
            return Ages.MarkIdle(tenant, age);
        }
        finally
        {
            Operations.Leave();
        }
    }

    /// <summary>Gives free memory beyond the warm reserve back to the system.</summary>
    /// <returns>Bytes given back.</returns>
    public long Trim() => (long)_arena.Trim(Compactor.FramesToKeep) * FrameArena.FrameBytes;

    /// <inheritdoc/>
    public void Dispose()
    {
        Target?.Dispose();
        State?.Dispose();
        _arena.Dispose();
    }

    /// <summary>
    /// Not all came back that was drained: this is a new life after all, and clients are told. Before anything is
    /// served.
    /// </summary>
    /// <param name="losesPages">Whether a tenant's pages may be lost.</param>
    internal void LoseMemory(Func<string, bool> losesPages)
    {
        Incarnation = Incarnation.BeginAfter(State!.Areas.Newest, TimeProvider.System);
        Owners.RestoreAfterLoss(losesPages);
    }

    // A call that outlived the stop of its server; nobody waits for its answer.
    private void Enter()
    {
        Kept.RequireReady();
        if (!Operations.TryEnter())
        {
            throw new InvalidOperationException("the store is drained and changes nothing any more");
        }
    }
}
