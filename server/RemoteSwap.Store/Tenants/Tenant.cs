using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// An isolated owner of pages: its limit, its shards, its state. No frame ever holds zpages of two tenants.
/// <para>
/// A tenant whose pool broke an invariant is poisoned: nothing of it can be trusted, so it answers nothing any more,
/// and the others go on.
/// </para>
/// <para>Thread-safe: shards have their own locks; the rest are single fields.</para>
/// </summary>
public sealed class Tenant
{
    private readonly ServerBudget _server;
    private readonly IWritebackTarget? _target;
    private readonly Shard[] _shards;
    private readonly PromotePolicy _promote;
    private readonly Lazy<RecentLoads> _recentLoads = new(() => new RecentLoads());
    private readonly Lock _limits = new();
    private int _weight;
    private volatile bool _enabled;
    private volatile string? _poison;
    private uint _reclaimCursor;
    private int _outlets;
    private long _violations;

    internal Tenant(
        string name,
        uint number,
        TenantOptions options,
        FrameArena arena,
        ServerBudget server,
        IWritebackTarget? target,
        PromotePolicy promote,
        TimeProvider time)
    {
        Name = name;
        Number = number;
        Options = options;
        _enabled = options.Enabled;
        _server = server;
        _target = target;
        _promote = promote;
        long limitFrames = FramesOf(options.LimitBytes ?? (server.Gate.LimitFrames * FrameArena.FrameBytes));
        Areas = new AreaRegister(options.Areas);
        Budget = new FrameBudget(
            arena,
            new LimitGate(limitFrames, options.AcceptThresholdPercent),
            server,
            options.GuaranteeBytes / FrameArena.FrameBytes);
        _weight = options.Weight;
        Quotas = new QuotaAccount(options.Quotas, time);
        _shards = new Shard[options.Shards];
        for (int shard = 0; shard < _shards.Length; shard++)
        {
            ushort pool = checked((ushort)((number * MaxShards) + (uint)shard + 1));
            _shards[shard] = new Shard(arena, Budget, pool, number, options, target);
        }
    }

    /// <summary>The greatest weight.</summary>
    public const int MaxWeight = 10_000;

    /// <summary>The most shards a tenant can have.</summary>
    public const int MaxShards = 64;

    /// <summary>The most tenants there can be: pools are numbered with 16 bits.</summary>
    public const int MaxTenants = (ushort.MaxValue / MaxShards) - 1;

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What it was configured with.</summary>
    public TenantOptions Options { get; }

    /// <summary>What it may use beside memory, and what it uses of that.</summary>
    public QuotaAccount Quotas { get; }

    /// <summary>Whether it takes new pages.</summary>
    public bool IsEnabled
    {
        get => _enabled;
        set => _enabled = value;
    }

    /// <summary>Which invariant broke; null: none.</summary>
    public string? Poison => _poison;

    /// <summary>How often an invariant was found broken; after the first time little is looked at any more.</summary>
    public long Violations => Volatile.Read(ref _violations);

    /// <summary>
    /// How often a page of it was found corrupt since the start, by a Load, the scrubber or an audit. Takes no lock.
    /// </summary>
    public long CorruptPages
    {
        get
        {
            long found = 0;
            foreach (Shard shard in _shards)
            {
                found += Volatile.Read(ref shard.Counters.CorruptPages);
            }

            return found;
        }
    }

    /// <summary>
    /// Usage in thousandths of the limit that binds first, the tenant's or the server's; 0 to 1000. The server's does
    /// not bind a tenant that uses less than it is guaranteed.
    /// </summary>
    public int UsagePermille => Budget.IsWithinGuarantee
        ? Budget.UsagePermille
        : Math.Max(Budget.UsagePermille, _server.UsagePermille);

    /// <summary>What it keeps of the memory beyond guarantees, beside others, when the server is full; 1 to
    /// 10,000.</summary>
    public int Weight => Volatile.Read(ref _weight);

    /// <summary>Whether the shrinker has work because of this tenant: near its limit, or at the server's.</summary>
    internal bool NeedsShrinking => Budget.NeedsShrinking || _server.NeedsShrinking;

    /// <summary>
    /// Held over a batch that is all or nothing: a repeated call must not meet half of the first. Rank 1.
    /// </summary>
    internal Lock WholeBatches { get; } = new();

    internal uint Number { get; }

    /// <summary>What is known of its areas.</summary>
    internal AreaRegister Areas { get; }

    /// <summary>Who owns them.</summary>
    internal AreaSessions Sessions { get; set; } = null!;

    internal FrameBudget Budget { get; }

    internal ReadOnlySpan<Shard> Shards => _shards;

    /// <summary>Changes the limits, all that are given or none. Stored pages stay.</summary>
    public LimitOutcome SetLimits(TenantLimits limits)
    {
        lock (_limits)
        {
            LimitGate gate = Budget.Gate;
            long limit = limits.LimitBytes is { } bytes ? FramesOf(bytes) : gate.LimitFrames;
            long guarantee = limits.GuaranteeBytes is { } own
                ? own / FrameArena.FrameBytes
                : Budget.GuaranteedFrames;
            if (guarantee > limit)
            {
                return LimitOutcome.GuaranteeAboveLimit;
            }

            if (!Budget.TrySetGuarantee(guarantee))
            {
                return LimitOutcome.GuaranteeNotFree;
            }

            gate.Set(limit, limits.AcceptThresholdPercent ?? gate.AcceptPercent);
            Volatile.Write(ref _weight, limits.Weight ?? _weight);
            Quotas.Quotas = limits.Quotas ?? Quotas.Quotas;
            return LimitOutcome.Set;
        }
    }

    internal static long FramesOf(long bytes) => Math.Max(1, bytes / FrameArena.FrameBytes);

    /// <summary>
    /// The shard of a slot. Neighbouring slabs, and the same slab of neighbouring areas, are in different ones.
    /// </summary>
    internal Shard ShardOf(AreaId area, Slot slot) => _shards[ShardNumber(area, slot.Slab)];

    /// <summary>The shard of a slab, as an index of <see cref="Shards"/>.</summary>
    internal int ShardNumber(AreaId area, uint slab) => (int)((slab + area.Value) % (uint)_shards.Length);

    /// <summary>
    /// Pages that count against the quota of pages, of a moment: takes no lock. Those that clients keep are not among
    /// them.
    /// </summary>
    public long CountedPages
    {
        get
        {
            long pages = 0;
            foreach (Shard shard in _shards)
            {
                pages += shard.StoredPages;
            }

            return pages;
        }
    }

    /// <summary>Whether the quota of pages is used up, so that a page may only replace one.</summary>
    internal bool HasAllPages => Quotas.Quotas.Pages is > 0 and long most && CountedPages >= most;

    /// <summary>Why no new page is taken now, or <see cref="StoreOutcome.None"/>.</summary>
    internal StoreOutcome Refusal(bool draining)
    {
        if (draining)
        {
            return StoreOutcome.Draining;
        }

        if (!_enabled)
        {
            return StoreOutcome.Disabled;
        }

        if (Budget.IsClosed())
        {
            return StoreOutcome.TenantLimit;
        }

        return !Budget.IsWithinGuarantee && _server.IsClosed() ? StoreOutcome.PoolLimit : StoreOutcome.None;
    }

    /// <summary>Whether an owner of one of its areas takes pages.</summary>
    internal bool HasOutlets => Volatile.Read(ref _outlets) > 0;

    /// <summary>Notes that an owner of an area begins, or ends, to take pages.</summary>
    internal void CountOutlet(int change) => Interlocked.Add(ref _outlets, change);

    /// <summary>
    /// Notes that a spilled page was loaded, and tells whether it should come back to memory: it is hot, and there is
    /// room that nobody has to make first.
    /// </summary>
    internal bool IsToPromote(AreaId area, Slot slot) =>
        _promote != PromotePolicy.Never
        && (_promote == PromotePolicy.Always || _recentLoads.Value.IsAgain(area, slot))
        && _enabled
        && _poison is null
        && Budget.UsedFrames < Budget.Gate.AcceptFrames
        && (Budget.IsWithinGuarantee || _server.ChargedFrames < _server.Gate.AcceptFrames);

    /// <summary>Where the next reclaim begins among the shards, so that none is spared or bled.</summary>
    internal uint NextReclaimTurn() => Interlocked.Increment(ref _reclaimCursor);

    internal void SetPoison(InvariantViolationException violation)
    {
        // Also what is noted for a later life can not be trusted.
        _target?.Book?.Distrust(Number);
        _poison ??= violation.Message;
        Interlocked.Increment(ref _violations);
    }
}
