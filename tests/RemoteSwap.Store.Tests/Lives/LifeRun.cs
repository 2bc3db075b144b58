using RemoteSwap.Store.Tests.Crash;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Lives;

/// <summary>
/// A history of lives of a server, one random step after the other and some within others: every call of clients,
/// reclaim into the spill file and to the owner, promotion, compaction, aging, scrubbing, owners that come and go,
/// drains and kills. After each step the books balance and the slot that was touched is what the model says; at the end
/// of each life all slots are.
/// </summary>
internal sealed class LifeRun(int seed) : IDisposable
{
    /// <summary>The area that has an owner, who takes pages; the other one is nobody's.</summary>
    public const uint Owned = 0;

    private const int Areas = 2;
    private const int Slots = 36;
    private const int SlotStride = 100;
    private const int Places = 48;
    private const int MaxRounds = 10_000;

    private static readonly Guid s_boot = new("6f0cd6f3-26b1-4a4e-b9ad-1f2d8f0a7c11");
    private static readonly int[] s_sizes = [8, 64, 300, 700, 1500, 1984, 2048, 3000, 3968, 4096, 4122];

    private readonly Random _random = new(seed);
    private readonly LifeModel _model = new();
    private readonly ManualTime _time = new();
    private LifeFiles _files = new();
    private PageStore? _store;
    private EvictionOutlet? _outlet;
    private AttachEpoch _owner;
    private SessionToken _token;
    private Incarnation _incarnation;
    private ulong _generation;
    private int _shards = 2;

    /// <summary>Pages that the owner took, over all lives.</summary>
    public int Evicted { get; private set; }

    /// <summary>Pages that were spilled when a server ended, over all lives.</summary>
    public int Spilled { get; private set; }

    /// <summary>Pages that were lost with a server.</summary>
    public int Lost => _model.LostPages;

    private PageStore Store => _store!;

    private Tenant Tenant => Store.Tenants[0];

    public async Task RunAsync(int lives, int steps)
    {
        await BeginAsync();
        Attach(AttachMode.TakeOver);
        for (int life = 0; life < lives; life++)
        {
            for (int step = 0; step < steps; step++)
            {
                await StepAsync();
                Audit();
            }

            await CheckAllAsync();
            await EndAsync(isKilled: _random.Next(2) == 0);
            await CheckAllAsync();
        }
    }

    public void Dispose()
    {
        _outlet?.Close();
        _store?.Dispose();
        _files.Dispose();
    }

    private async Task BeginAsync()
    {
        WatchedSpill target = new(new SpillFile(_files.Spill, Places * 4096L, _files.Book, s_boot))
        {
            DuringWrite = () => Change(AnyKey()),
        };
        TenantOptions options = new()
        {
            Shards = _shards,
            Areas = Areas,
            LimitBytes = 40 * 4096,
            Writeback = _random.Next(2) == 0 ? WritebackOrder.ClientFirst : WritebackOrder.SpillFirst,
        };
        _store = new PageStore(
            new StoreOptions { LimitBytes = 1 << 20, WarmBytes = 0, PoisonFreedFrames = true },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { ["a"] = options },
            target,
            state: StateFolder.Open(_files.State, TimeProvider.System),
            time: _time);
        await new WarmRestart(_store).StartAsync(discards: false, progress: null);
    }

    private async Task StepAsync()
    {
        switch (_random.Next(100))
        {
            case < 45:
                Change(AnyKey());
                break;
            case < 65:
                await LoadAsync(AnyKey());
                break;
            case < 80:
                await ReclaimAsync(1 + _random.Next(8));
                break;
            case < 85:
                await Store.Compactor.RunAsync(Tenant, 1 + _random.Next(8));
                break;
            case < 88:
                Store.Ages.Pass(FrameAges.Resolution);
                Store.Ages.MarkIdle(Tenant, FrameAges.Resolution * _random.Next(3));
                break;
            case < 91:
                await Store.Scrubber.ScrubAsync(Scrubber.ShortestPass, CancellationToken.None);
                break;
            case < 94:
                Store.Trim();
                break;
            case < 97:
                InvalidateRange();
                break;
            default:
                Attach(AttachMode.TakeOver);
                break;
        }
    }

    private void Change((uint Area, ulong Slot) key)
    {
        if (_random.Next(5) == 0)
        {
            Store.Invalidate(
                Tenant,
                new AreaId(key.Area),
                new Slot(key.Slot),
                new Generation(++_generation),
                acknowledgeLoad: false,
                Of(key));
            _model.Remove(key, _generation);
        }
        else if (_random.Next(6) == 0 && _model.Seen(key) > 1)
        {
            // A copy that is late.
            ulong late = 1 + (ulong)_random.NextInt64((long)_model.Seen(key) - 1);
            Assert.Equal(StoreOutcome.Stale, Put(key, late, Zpages.Make(_random.Next(), 700), Of(key)));
        }
        else
        {
            byte[] zpage = Zpages.Make(_random.Next(), s_sizes[_random.Next(s_sizes.Length)]);
            bool isStored = Put(key, ++_generation, zpage, Of(key)) is StoreOutcome.Stored or StoreOutcome.SameFilled;
            if (isStored)
            {
                _model.Put(key, _generation, zpage);
            }
            else
            {
                _model.Remove(key, _generation);
            }
        }
    }

    private StoreOutcome Put((uint Area, ulong Slot) key, ulong generation, byte[] zpage, AttachEpoch epoch) =>
        StoreRig.PutOne(Store, Tenant, key.Slot, zpage, generation, key.Area, epoch);

    private async Task LoadAsync((uint Area, ulong Slot) key)
    {
        LoadBatch batch = new() { Area = new AreaId(key.Area), Epoch = Of(key), Count = 1 };
        batch.Slots[0] = key.Slot;
        await Store.LoadAsync(Tenant, batch);
        _model.Check(key, batch.Outcomes[0], batch.Pages[0].Generation.Value, batch.Zpages.ToArray());
    }

    private void InvalidateRange()
    {
        uint area = (uint)_random.Next(Areas);
        ulong first = (ulong)_random.Next(Slots) * SlotStride;
        ulong count = (ulong)_random.Next(1, 8 * SlotStride);
        Store.InvalidateRange(
            Tenant, new AreaId(area), new Slot(first), count, new Generation(++_generation), Of((area, first)));
        for (ulong slot = first; slot < first + count && slot < Slots * SlotStride; slot += SlotStride)
        {
            _model.Remove((area, slot), _generation);
        }
    }

    // The owner answers as it likes, and what it was handed may change before it does.
    private async Task ReclaimAsync(int frames)
    {
        List<((uint Area, ulong Slot) Key, ulong Generation)> taken = [];
        Task<ReclaimResult> reclaim = Task.Run(() => Store.ReclaimAsync(Tenant, frames, 2).AsTask());
        for (int round = 0; !reclaim.IsCompleted; round++)
        {
            Assert.True(round < MaxRounds, "reclaim ends");
            while (_outlet is not null && _outlet.TryTake(out EvictionBatch? batch))
            {
                using (batch)
                {
                    Answer(batch, taken);
                }
            }

            // What is written takes its time; who waits for an answer in vain must not do so for long.
            if (round % 64 == 63)
            {
                _time.Expire();
                await Task.Delay(1);
            }

            Thread.Yield();
        }

        await reclaim;
        foreach (((uint Area, ulong Slot) key, ulong generation) in taken.Where(one => IsEvicted(one.Key)))
        {
            _model.Evict(key, generation);
            Evicted++;
        }
    }

    private void Answer(EvictionBatch batch, List<((uint Area, ulong Slot) Key, ulong Generation)> taken)
    {
        foreach (EvictedPage page in batch.Pages)
        {
            (uint Area, ulong Slot) key = (Owned, page.Slot.Value);
            EvictionAnswer answer = _random.Next(6) switch
            {
                0 => EvictionAnswer.Refused,
                1 => EvictionAnswer.Superseded,
                _ => EvictionAnswer.Taken,
            };
            if (answer == EvictionAnswer.Taken)
            {
                taken.Add((key, page.Generation.Value));
            }

            _outlet!.Answer(page.Slot, page.Generation, answer);
        }
    }

    private bool IsEvicted((uint Area, ulong Slot) key) => KindOf(key) == EntryKind.Evicted;

    private EntryKind KindOf((uint Area, ulong Slot) key)
    {
        Shard shard = Tenant.ShardOf(new AreaId(key.Area), new Slot(key.Slot));
        lock (shard.Gate)
        {
            return shard.Index[new AreaId(key.Area), new Slot(key.Slot)].Kind;
        }
    }

    private void Attach(AttachMode mode)
    {
        AttachEpoch former = _owner;
        AttachTerms terms = new()
        {
            Mode = mode,
            Epoch = mode == AttachMode.Resume ? _owner : AttachEpoch.None,
            Token = mode == AttachMode.Resume ? _token : SessionToken.Create(),
            Attempt = SessionToken.Create(),
            Incarnation = mode == AttachMode.Resume ? _incarnation : default,
        };
        AttachResult result = AreaOwners.Attach(Tenant, new AreaId(Owned), terms);
        Assert.Equal(mode == AttachMode.Resume ? AttachOutcome.Resumed : AttachOutcome.Attached, result.Outcome);
        (_owner, _token, _incarnation) = (result.Epoch, terms.Token, Store.Incarnation);
        if (!former.IsNone)
        {
            Assert.Equal(StoreOutcome.Fenced, Put((Owned, 0), _generation + 1, Zpages.Make(1, 700), former));
        }

        OpenOutlet();
    }

    private void OpenOutlet()
    {
        _outlet?.Close();
        _outlet = AreaOwners.OpenOutlet(Tenant, new AreaId(Owned), _owner);
        _outlet!.AddCredit(EvictionOutlet.MaxPages);
    }

    private async Task EndAsync(bool isKilled)
    {
        HashSet<(uint Area, ulong Slot)> spilled = [.. _model.Stored.Where(key => KindOf(key) == EntryKind.Spilled)];
        Spilled += spilled.Count;
        _outlet!.Close();
        if (isKilled)
        {
            LifeFiles left = _files.Copy();
            Store.Dispose();
            _files.Dispose();
            _files = left;
            _model.Kill(spilled);

            // An image's pages may belong to two of them then. Not after a drain: a full tenant has no room for more.
            _shards = 1 + _random.Next(3);
            await BeginAsync();
            Attach(_random.Next(2) == 0 ? AttachMode.Resume : AttachMode.TakeOver);
            return;
        }

        await new WarmRestart(Store).DrainAsync(progress: null);
        Store.Dispose();
        await BeginAsync();
        OpenOutlet();
        SendLateCopies();
    }

    // To slots that were emptied before the drain.
    private void SendLateCopies()
    {
        for (int number = 0; number < Areas * Slots; number++)
        {
            (uint Area, ulong Slot) key = ((uint)(number % Areas), (ulong)(number / Areas) * SlotStride);
            if (_model.Find(key) is null && _model.Seen(key) > 0)
            {
                Assert.Equal(StoreOutcome.Stale, Put(key, _model.Seen(key), Zpages.Make(number, 700), Of(key)));
            }
        }
    }

    private async Task CheckAllAsync()
    {
        Audit(deep: true);
        for (uint area = 0; area < Areas; area++)
        {
            for (ulong slot = 0; slot < Slots; slot++)
            {
                await LoadAsync((area, slot * SlotStride));
            }
        }
    }

    private void Audit(bool deep = false)
    {
        Assert.Null(Tenant.Poison);
        Assert.Empty(StoreAudit.Run(Tenant, deep).Violations);
    }

    private (uint Area, ulong Slot) AnyKey() => ((uint)_random.Next(Areas), (ulong)_random.Next(Slots) * SlotStride);

    private AttachEpoch Of((uint Area, ulong Slot) key) => key.Area == Owned ? _owner : AttachEpoch.None;
}
