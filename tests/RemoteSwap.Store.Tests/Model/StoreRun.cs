using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Model;

/// <summary>One history: each step does the same to a store and to the naive one and compares.</summary>
internal sealed class StoreRun : IDisposable
{
    // Sizes at which something changes: chunk edges, pairs that just fit, the largest slotted, headless, fill.
    private static readonly int[] EdgeSizes = [9, 63, 64, 65, 1984, 1985, 2048, 3903, 3967, 3968, 3969, 4096, 4122, 8];

    // A server limit that is met now and then: two tenants, 60 keys of up to a frame each.
    private const long LimitBytes = 1 << 20;

    private static readonly TenantOptions s_tenantA =
        new() { Shards = 2, LimitBytes = 40 * 4096, AcceptThresholdPercent = 80 };

    private static readonly TenantOptions s_tenantB =
        new() { Shards = 1, Incompressible = IncompressiblePolicy.Reject };

    private readonly MemoryTarget _target = new(places: 24);
    private readonly StateRig? _state;
    private readonly NaiveStore _naive = new();
    private StoreRig _rig;
    private int _seed;

    /// <summary>Begins a history.</summary>
    /// <param name="restarts">
    /// Whether the store is drained and started anew now and then; then it has no writeback target.
    /// </param>
    public StoreRun(bool restarts = false)
    {
        _state = restarts ? new StateRig() : null;
        _rig = Start();
    }

    public void Step(int kind, int keyNumber, int argument)
    {
        NaiveStore.Key key = KeyOf(keyNumber);
        switch (kind)
        {
            case < 40:
                Put(key, argument);
                break;
            case < 60:
                Get(key, exclusive: false);
                break;
            case < 64:
                Get(key, exclusive: true);
                break;
            case < 70:
                Acknowledge(key, argument);
                break;
            case < 82:
                Forget(key, argument);
                break;
            case < 86:
                ForgetRange(key, argument);
                break;
            case < 93:
                Reclaim(key, argument);
                break;
            case < 97:
                _rig.Compact(1 + (argument % 8), TenantOf(key));
                break;
            case < 98 when _state is not null:
                Restart();
                break;
            case < 98:
                _target.FailWrites = !_target.FailWrites;
                break;
            default:
                TenantOf(key).IsEnabled = !TenantOf(key).IsEnabled;
                break;
        }

        _rig.AssertClean();
    }

    public void CheckAll()
    {
        for (int number = 0; number < 60; number++)
        {
            Get(KeyOf(number), exclusive: false);
        }

        Assert.Equal(_naive.Count, _rig.Figures().StoredPages + _rig.Figures(_rig.TenantB).StoredPages);
        _rig.AssertClean(deep: true);
    }

    /// <summary>Empties everything and requires that nothing is left.</summary>
    public void Drain()
    {
        foreach (Tenant tenant in _rig.Store.Tenants)
        {
            for (uint area = 0; area < 2; area++)
            {
                _rig.Store.InvalidateArea(tenant, new AreaId(area));
            }
        }

        _rig.AssertEmpty();
    }

    public void Dispose()
    {
        _rig.Dispose();
        _target.Dispose();
        _state?.Dispose();
    }

    private StoreRig Start() => _state?.Start(limitBytes: LimitBytes, tenantA: s_tenantA, tenantB: s_tenantB)
        ?? new StoreRig(LimitBytes, _target, s_tenantA, s_tenantB);

    private void Restart()
    {
        bool[] enabled = [.. _rig.Store.Tenants.Select(tenant => tenant.IsEnabled)];
        _state!.Drain(_rig);
        _rig = Start();
        for (int tenant = 0; tenant < enabled.Length; tenant++)
        {
            _rig.Store.Tenants[tenant].IsEnabled = enabled[tenant];
        }

        CheckAll();
    }

    private static NaiveStore.Key KeyOf(int number) =>
        new(number % 2, (uint)(number / 2 % 2), ((ulong)(number / 4) * 5000) + (ulong)(number % 7));

    private Tenant TenantOf(NaiveStore.Key key) => key.Tenant == 0 ? _rig.TenantA : _rig.TenantB;

    private void Put(NaiveStore.Key key, int argument)
    {
        ulong seen = argument % 32 < 24 ? _naive.Newest(key) : _naive.Seen(key);
        ulong present = Math.Max(1, _naive.Find(key)?.Generation ?? seen);
        ulong generation = (argument % 8) switch
        {
            0 => 0,
            1 => present,
            2 => Math.Max(1, present - 1),
            _ => present + 1 + ((ulong)argument % 5),
        };
        bool again = argument % 16 == 1 && _naive.Find(key) is not null;
        byte[] zpage = again ? _naive.Find(key)!.Zpage : Zpages.Make(++_seed, SizeOf(argument));

        NaiveStore.Verdict verdict = _naive.Judge(key, generation, zpage);
        StoreOutcome outcome = _rig.Put(key.Slot, zpage, generation, key.Area, TenantOf(key));

        if (verdict == NaiveStore.Verdict.Stale)
        {
            Assert.Equal(StoreOutcome.Stale, outcome);
        }
        else if (verdict == NaiveStore.Verdict.Again)
        {
            Assert.Equal(_naive.Find(key)!.IsFill ? StoreOutcome.SameFilled : StoreOutcome.Stored, outcome);
        }
        else if (outcome is StoreOutcome.Stored or StoreOutcome.SameFilled)
        {
            Assert.True(TenantOf(key).IsEnabled);
            _naive.Put(key, generation == 0 ? GivenGeneration(key) : generation, zpage);
        }
        else if (verdict != NaiveStore.Verdict.NewerOrStale || outcome != StoreOutcome.Stale)
        {
            CheckRefusal(key, zpage, outcome);
            _naive.Remove(key, generation);
            _naive.SeeNearby(key, generation == 0 ? _naive.Newest(key) + 1 : generation);
        }
    }

    // A generation that the server gave: newer than anything that the slot has seen.
    private ulong GivenGeneration(NaiveStore.Key key)
    {
        ulong generation = _rig.Get(key.Slot, key.Area, TenantOf(key)).Generation;
        Assert.InRange(generation, _naive.Seen(key) + 1, _naive.Newest(key) + 1);
        return generation;
    }

    private void CheckRefusal(NaiveStore.Key key, byte[] zpage, StoreOutcome outcome)
    {
        bool isEnabled = TenantOf(key).IsEnabled;
        switch (outcome)
        {
            case StoreOutcome.Disabled:
                Assert.False(isEnabled);
                break;
            case StoreOutcome.CompressPoor:
                Assert.True(isEnabled && zpage.Length > 3968 && key.Tenant == 1);
                break;
            default:
                Assert.Equal(StoreOutcome.TenantLimit, outcome);
                Assert.True(isEnabled && key.Tenant == 0 && _rig.Figures().HasReachedLimit);
                break;
        }
    }

    private void Get(NaiveStore.Key key, bool exclusive)
    {
        Loaded loaded = _rig.Get(key.Slot, key.Area, TenantOf(key), exclusive);

        if (_naive.Find(key) is not { } page)
        {
            Assert.Equal(LoadOutcome.NotFound, loaded.Outcome);
            return;
        }

        Assert.Equal(LoadOutcome.Loaded, loaded.Outcome);
        Assert.Equal(page.Generation, loaded.Generation);
        Assert.Equal(page.Zpage, loaded.Zpage);
        if (exclusive)
        {
            _naive.HandOver(key);
        }
    }

    private void Acknowledge(NaiveStore.Key key, int argument)
    {
        ulong generation = (_naive.Find(key)?.Generation ?? 1) + (ulong)(argument % 3 == 0 ? 1 : 0);
        InvalidateOutcome outcome = _rig.Forget(key.Slot, generation, key.Area, TenantOf(key), acknowledge: true);

        NaiveStore.Page? page = _naive.Find(key);
        bool goes = page is { HandedOver: true } && page.Generation == generation;
        Assert.Equal(
            page is null ? InvalidateOutcome.NotFound
                : goes ? InvalidateOutcome.Invalidated
                : InvalidateOutcome.Stale,
            outcome);
        if (goes)
        {
            _naive.Remove(key);
        }
    }

    private void Forget(NaiveStore.Key key, int argument)
    {
        ulong present = _naive.Find(key)?.Generation ?? 1;
        ulong generation = (argument % 4) switch { 0 => 0, 1 => Math.Max(1, present - 1), _ => present + 1 };

        InvalidateOutcome outcome = _rig.Forget(key.Slot, generation, key.Area, TenantOf(key));

        if (_naive.Find(key) is null)
        {
            Assert.Equal(InvalidateOutcome.NotFound, outcome);
            _naive.See(key, generation);
        }
        else if (generation != 0 && generation < present)
        {
            Assert.Equal(InvalidateOutcome.Stale, outcome);
        }
        else
        {
            Assert.Equal(InvalidateOutcome.Invalidated, outcome);
            _naive.Remove(key, generation);
        }
    }

    private void ForgetRange(NaiveStore.Key key, int argument)
    {
        ulong count = argument % 2 == 0 ? 1 + ((ulong)argument % 8) : 1 + ((ulong)argument % 20_000);
        ulong newest = 4 + _naive.Newest(key);
        ulong generation = argument % 3 == 0 ? newest - ((ulong)argument % 8 / 2) : 0;

        InvalidatedPages gone = _rig.Store.InvalidateRange(
            TenantOf(key), new AreaId(key.Area), new Slot(key.Slot), count, new Generation(generation));

        IEnumerable<NaiveStore.Key> inside = Enumerable.Range(0, 60).Select(KeyOf).Distinct().Where(other =>
            other.Tenant == key.Tenant && other.Area == key.Area
            && other.Slot >= key.Slot && other.Slot < key.Slot + count);
        Assert.Equal(new InvalidatedPages(InvalidateOutcome.Invalidated, _naive.RemoveRange(inside, generation)), gone);
    }

    private void Reclaim(NaiveStore.Key key, int argument)
    {
        int frames = 1 + (argument % 6);
        ReclaimResult result = _rig.Store.ReclaimAsync(TenantOf(key), frames, argument % 5)
            .AsTask().GetAwaiter().GetResult();

        Assert.True(result.FramesFreed <= frames);
        Assert.Equal(result.Outcome == ReclaimOutcome.Freed, result.FramesFreed == frames && argument % 5 > 0);
    }

    private static int SizeOf(int argument) =>
        argument % 3 == 0 ? EdgeSizes[argument / 3 % EdgeSizes.Length] : 9 + (argument % 4000);
}
