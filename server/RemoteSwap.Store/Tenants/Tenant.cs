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
    private readonly FrameBudget _server;
    private readonly Shard[] _shards;
    private volatile bool _enabled;
    private volatile string? _poison;
    private uint _reclaimCursor;

    internal Tenant(
        string name, uint number, TenantOptions options, FrameArena arena, FrameBudget server, IWritebackTarget? target)
    {
        Name = name;
        Number = number;
        Options = options;
        _enabled = options.Enabled;
        _server = server;
        long limitFrames = FramesOf(options.LimitBytes ?? (server.Gate.LimitFrames * FrameArena.FrameBytes));
        Areas = new AreaRegister(options.Areas);
        Budget = new FrameBudget(server, new LimitGate(limitFrames, options.AcceptThresholdPercent), server);
        _shards = new Shard[options.Shards];
        for (int shard = 0; shard < _shards.Length; shard++)
        {
            ushort pool = checked((ushort)((number * MaxShards) + (uint)shard + 1));
            _shards[shard] = new Shard(arena, Budget, pool, number, options.Incompressible, target);
        }
    }

    /// <summary>The most shards a tenant can have.</summary>
    public const int MaxShards = 64;

    /// <summary>The most tenants there can be: pools are numbered with 16 bits.</summary>
    public const int MaxTenants = (ushort.MaxValue / MaxShards) - 1;

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What it was configured with.</summary>
    public TenantOptions Options { get; }

    /// <summary>Whether it takes new pages.</summary>
    public bool IsEnabled
    {
        get => _enabled;
        set => _enabled = value;
    }

    /// <summary>Which invariant broke; null: none.</summary>
    public string? Poison => _poison;

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

    /// <summary>Usage in thousandths of the limit that binds first, the tenant's or the server's; 0 to 1000.</summary>
    public int UsagePermille => Math.Max(Budget.UsagePermille, _server.UsagePermille);

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

    /// <summary>Changes the limits. Stored pages stay.</summary>
    /// <param name="limitBytes">Memory that the tenant may use, at least 1 MiB; null: unchanged.</param>
    /// <param name="acceptThresholdPercent">The accept threshold, 1 to 100; null: unchanged.</param>
    public void SetLimits(long? limitBytes, int? acceptThresholdPercent) => Budget.Gate.Set(
        limitBytes is { } bytes ? FramesOf(bytes) : Budget.Gate.LimitFrames,
        acceptThresholdPercent ?? Budget.Gate.AcceptPercent);

    internal static long FramesOf(long bytes) => Math.Max(1, bytes / FrameArena.FrameBytes);

    /// <summary>
    /// The shard of a slot. Neighbouring slabs, and the same slab of neighbouring areas, are in different ones.
    /// </summary>
    internal Shard ShardOf(AreaId area, Slot slot) => _shards[ShardNumber(area, slot.Slab)];

    /// <summary>The shard of a slab, as an index of <see cref="Shards"/>.</summary>
    internal int ShardNumber(AreaId area, uint slab) => (int)((slab + area.Value) % (uint)_shards.Length);

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

        return _server.IsClosed() ? StoreOutcome.PoolLimit : StoreOutcome.None;
    }

    /// <summary>Where the next reclaim begins among the shards, so that none is spared or bled.</summary>
    internal uint NextReclaimTurn() => Interlocked.Increment(ref _reclaimCursor);

    internal void SetPoison(InvariantViolationException violation) =>
        _poison ??= violation.Message;
}
