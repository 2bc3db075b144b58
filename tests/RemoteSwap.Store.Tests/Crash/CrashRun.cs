using RemoteSwap.Store.Tests.Rig;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>
/// One history of lives: random operations until a random step at which the server is killed, that is, at which its
/// files are copied; then a new server over the copies, which must have exactly what was spilled and current, and goes
/// on with it.
/// <para>
/// What a kill may leave of a slot. Not touched by an operation that is under way: its page if it was spilled, LOST if
/// not. Touched: LOST, or the page that was acknowledged last. Never any other page.
/// </para>
/// </summary>
internal sealed class CrashRun(int seed) : IDisposable
{
    private const int Slots = 48;
    private const int SlotStride = 300;
    private const int Areas = 2;
    private const int Places = 40;
    private const int MostOperations = 60;
    private const int MostSteps = 12;

    private static readonly Guid s_boot = new("6f0cd6f3-26b1-4a4e-b9ad-1f2d8f0a7c11");
    private static readonly int[] s_sizes = [8, 64, 300, 700, 1500, 1984, 2048, 3000, 3968, 4096, 4122];

    private readonly Random _random = new(seed);
    private readonly HashSet<(uint Area, ulong Slot)> _spilled = [];
    private readonly HashSet<(uint Area, ulong Slot)> _touched = [];
    private Dictionary<(uint Area, ulong Slot), (ulong Generation, byte[] Zpage)> _pages = [];
    private KeptFiles _files = new();
    private KillMoment? _killed;
    private PageStore? _store;
    private WatchedSpill? _target;
    private bool _reclaims;
    private int _stepsToKill;
    private ulong _generation;

    /// <summary>Pages that were there again, over all lives.</summary>
    public int Kept { get; private set; }

    /// <summary>Pages that were lost, over all lives.</summary>
    public int Lost { get; private set; }

    private PageStore Store => _store!;

    private Tenant Tenant => Store.Tenants[0];

    /// <summary>Runs so many lives.</summary>
    public async Task RunAsync(int lives)
    {
        await BeginAsync();
        for (int life = 0; life < lives; life++)
        {
            await LiveAsync();
            await EndAsync();
        }
    }

    public void Dispose()
    {
        _store?.Dispose();
        _target?.Dispose();
        _files.Dispose();
        _killed?.Files.Dispose();
    }

    private async Task BeginAsync()
    {
        _target = new WatchedSpill(new SpillFile(_files.Spill, Places * 4096, _files.Book, s_boot));
        _store = new PageStore(
            new StoreOptions { LimitBytes = 1 << 20, WarmBytes = 0 },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal)
            {
                // Another number of shards in each life: an image's pages may belong to two of them then.
                ["a"] = new() { Shards = 1 + _random.Next(3), Areas = Areas },
            },
            _target);
        await _store.Kept.RestoreAsync();
    }

    private async Task LiveAsync()
    {
        _target!.Step = Look;
        _target.DuringWrite = ChangeOne;
        int operations = _random.Next(1, MostOperations);
        _stepsToKill = int.MaxValue;
        for (int operation = 0; operation < operations; operation++)
        {
            await OperateAsync();
            NoteWhereTheyAre();
        }

        // Within an operation, or else after it.
        _stepsToKill = _random.Next(1, MostSteps);
        await OperateAsync();
        if (_killed is null)
        {
            NoteWhereTheyAre();
            Kill();
        }
    }

    private void Look()
    {
        if (--_stepsToKill == 0)
        {
            Kill();
        }
    }

    private void Kill() => _killed ??= new KillMoment(
        _files.Copy(), new(_pages), [.. _spilled], [.. _touched], _reclaims);

    private async Task OperateAsync()
    {
        switch (_random.Next(8))
        {
            case < 2:
                _reclaims = true;
                await Store.ReclaimAsync(Tenant, _random.Next(1, 9), 1);
                _reclaims = false;
                break;
            case < 4:
                await LoadOneAsync();
                break;
            default:
                ChangeOne();
                break;
        }
    }

    private async Task LoadOneAsync()
    {
        (uint Area, ulong Slot) key = AnyKey();
        _touched.Add(key);
        (LoadOutcome outcome, ulong generation, byte[] zpage) = await LoadAsync(key);
        _touched.Remove(key);
        bool isThere = _pages.TryGetValue(key, out (ulong Generation, byte[] Zpage) page);
        bool isRight = isThere
            ? outcome == LoadOutcome.Loaded && generation == page.Generation && zpage.AsSpan().SequenceEqual(page.Zpage)
            : outcome is LoadOutcome.NotFound or LoadOutcome.Lost;
        Require(isRight, key, $"{outcome} while it lives");
    }

    private void ChangeOne()
    {
        (uint Area, ulong Slot) key = AnyKey();
        _touched.Add(key);
        bool isStored = _random.Next(4) > 0 ? TryStore(key, out byte[] zpage) : Forget(key, out zpage);

        // Acknowledged: from now on the old page must not come back.
        _touched.Remove(key);
        _spilled.Remove(key);
        _pages.Remove(key);
        if (isStored)
        {
            _pages.Add(key, (_generation, zpage));
        }
    }

    private bool TryStore((uint Area, ulong Slot) key, out byte[] zpage)
    {
        zpage = Zpages.Make(_random.Next(), s_sizes[_random.Next(s_sizes.Length)]);
        StoreOutcome outcome = StoreRig.PutOne(Store, Tenant, key.Slot, zpage, ++_generation, key.Area);
        return outcome is StoreOutcome.Stored or StoreOutcome.SameFilled;
    }

    private bool Forget((uint Area, ulong Slot) key, out byte[] zpage)
    {
        zpage = [];
        Store.Invalidate(Tenant, new AreaId(key.Area), new Slot(key.Slot), new Generation(++_generation));
        return false;
    }

    private (uint Area, ulong Slot) AnyKey() => ((uint)_random.Next(Areas), (ulong)_random.Next(Slots) * SlotStride);

    private void NoteWhereTheyAre()
    {
        _spilled.Clear();
        foreach ((uint area, ulong slot) in _pages.Keys)
        {
            Shard shard = Tenant.ShardOf(new AreaId(area), new Slot(slot));
            if (shard.Index[new AreaId(area), new Slot(slot)].Kind == EntryKind.Spilled)
            {
                _spilled.Add((area, slot));
            }
        }
    }

    private async Task EndAsync()
    {
        Store.Dispose();
        _files.Dispose();
        KillMoment killed = _killed!;
        (_files, _killed, _pages) = (killed.Files, null, new(killed.Pages));
        await BeginAsync();
        AuditResult audit = StoreAudit.Run(Tenant, deep: true);
        Require(audit.Violations.Count == 0, default, string.Join("; ", audit.Violations));
        for (uint area = 0; area < Areas; area++)
        {
            for (int number = 0; number < Slots; number++)
            {
                await CheckAsync(killed, (area, (ulong)number * SlotStride));
            }
        }

        NoteWhereTheyAre();
        Require(_spilled.Count == _pages.Count, default, "what is kept is spilled");
    }

    private async Task CheckAsync(KillMoment killed, (uint Area, ulong Slot) key)
    {
        (LoadOutcome outcome, ulong generation, byte[] zpage) = await LoadAsync(key);
        string? wrong = killed.Judge(key, outcome, generation, zpage);
        Require(wrong is null, key, wrong ?? "");
        if (outcome == LoadOutcome.Loaded)
        {
            Kept++;
        }
        else
        {
            Lost += _pages.Remove(key) ? 1 : 0;
        }
    }

    private async Task<(LoadOutcome Outcome, ulong Generation, byte[] Zpage)> LoadAsync((uint Area, ulong Slot) key)
    {
        LoadBatch batch = new() { Area = new AreaId(key.Area), Count = 1 };
        batch.Slots[0] = key.Slot;
        await Store.LoadAsync(Tenant, batch);
        return (batch.Outcomes[0], batch.Pages[0].Generation.Value, batch.Zpages.ToArray());
    }

    private void Require(bool condition, (uint Area, ulong Slot) key, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"seed {seed}: area {key.Area} slot {key.Slot}: {what}");
        }
    }
}
