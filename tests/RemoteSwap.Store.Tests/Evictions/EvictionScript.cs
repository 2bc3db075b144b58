using RemoteSwap.Codec;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Evictions;

/// <summary>
/// One page of an owned area that is handed to its owner, whatever happens to it then, and what must be true after each
/// event. The model knows what the slot holds, who owns the area and what was handed to whom, and nothing of frames,
/// pins or handles.
/// </summary>
internal sealed class EvictionScript : IAsyncDisposable
{
    private const ulong Slot = 7;
    private static readonly AreaId s_area = new(2);
    private readonly ManualTime _time = new();
    private readonly StoreRig _rig;
    private AttachEpoch _owner;
    private EvictionOutlet? _outlet;
    private Task<ReclaimResult> _reclaim = Task.FromResult(default(ReclaimResult));

    // What the slot holds: 0: nothing. What of it only its owner has. What is out: to whom, and still answerable.
    private ulong _stored;
    private ulong _evicted;
    private ulong _out;
    private ulong _generation;

    public EvictionScript()
    {
        _rig = new StoreRig(1 << 20, tenantA: new TenantOptions { Shards = 1 }, time: _time);
        _owner = Attach(AttachMode.Exclusive);
    }

    public StoreRig Rig => _rig;

    public async Task RunAsync(IEnumerable<EvictionEvent> events)
    {
        Store();
        await HandOutAsync();
        Action? held = null;
        foreach (EvictionEvent next in events)
        {
            if (next == EvictionEvent.TakenLate && held is null)
            {
                held = TakeLate();
                continue;
            }

            // The answer is here already, and what happens next comes first all the same.
            if (held is not null && next is not EvictionEvent.Again)
            {
                lock (_rig.TenantA.Shards[0].Gate)
                {
                    held();
                    Act(next);
                }

                await EndReclaimAsync(isTaken: true);
                held = null;
            }
            else
            {
                held = null;
                Act(next);
                await AfterAsync(next);
            }

            Check();
        }

        held?.Invoke();
        await EndReclaimAsync(isTaken: held is not null);
        Check();
    }

    public async ValueTask DisposeAsync()
    {
        _outlet?.Close();
        await _reclaim;
        _rig.Dispose();
    }

    private void Act(EvictionEvent next)
    {
        switch (next)
        {
            case EvictionEvent.Taken or EvictionEvent.TakenLate:
                Answer(EvictionAnswer.Taken);
                break;
            case EvictionEvent.Refused:
                Answer(EvictionAnswer.Refused);
                break;
            case EvictionEvent.Superseded:
                Answer(EvictionAnswer.Superseded);
                break;
            case EvictionEvent.Store:
                Store();
                break;
            case EvictionEvent.Invalidate:
                Invalidate();
                break;
            case EvictionEvent.StoreAgain:
                StoreAgain();
                break;
            case EvictionEvent.TakeOver:
                _owner = Attach(AttachMode.TakeOver);
                Assert.NotEqual(EvictionEnd.None, _outlet!.End);
                break;
            case EvictionEvent.Break:
                _outlet!.Close();
                break;
            case EvictionEvent.Silence:
                _time.Expire();
                break;
            default:
                break;
        }
    }

    // What an answer means: only the first one counts, of who still owns the area, for the page that is there still.
    private async ValueTask AfterAsync(EvictionEvent next)
    {
        switch (next)
        {
            case EvictionEvent.Taken or EvictionEvent.TakenLate:
                await EndReclaimAsync(isTaken: true);
                break;
            case EvictionEvent.Refused or EvictionEvent.Superseded or EvictionEvent.TakeOver
                or EvictionEvent.Break or EvictionEvent.Silence:
                await EndReclaimAsync(isTaken: false);
                break;
            case EvictionEvent.Again:
                await EndReclaimAsync(isTaken: false);
                await HandOutAsync();
                break;
            default:
                break;
        }
    }

    private Action TakeLate() => () => Answer(EvictionAnswer.Taken);

    private void Answer(EvictionAnswer answer) =>
        _outlet!.Answer(new Slot(Slot), new Generation(_out == 0 ? _generation : _out), answer);

    private async ValueTask EndReclaimAsync(bool isTaken)
    {
        bool wasOut = _out != 0 && _outlet!.End is EvictionEnd.None or EvictionEnd.Closed;
        if (isTaken && wasOut && _stored == _out && _outlet!.Claim.Epoch == _owner)
        {
            _evicted = _out;
        }

        _out = 0;
        while (!_reclaim.IsCompleted)
        {
            _time.Expire();
            await Task.Yield();
        }

        await _reclaim;
    }

    private async ValueTask HandOutAsync()
    {
        _outlet?.Close();
        _outlet = AreaOwners.OpenOutlet(_rig.TenantA, s_area, _owner);
        _outlet!.AddCredit(EvictionOutlet.MaxPages);
        _reclaim = _rig.Store.ReclaimAsync(_rig.TenantA, 1, 1).AsTask();
        bool isExpected = _stored != 0 && _evicted != _stored;
        if (!isExpected)
        {
            await _reclaim;
            Assert.False(_outlet.TryTake(out EvictionBatch? _));
            return;
        }

        Assert.True(_outlet.TryTake(out EvictionBatch? batch));
        using (batch)
        {
            EvictedPage page = Assert.Single(batch.Pages);
            Assert.Equal((Slot, _stored), (page.Slot.Value, page.Generation.Value));
            Assert.Equal(ZpageOf(_stored), batch.Zpages.ToArray());
            Assert.Equal(PageChecksum.OfZpage(batch.Zpages.Span), page.ZpageChecksum);
            _out = _stored;
        }
    }

    private void Store()
    {
        _stored = ++_generation;
        _evicted = 0;
        Assert.Equal(StoreOutcome.Stored, Put(_stored));
    }

    private void StoreAgain()
    {
        if (_stored != 0)
        {
            Assert.Equal(StoreOutcome.Stored, Put(_stored));
        }
        else
        {
            Assert.Equal(StoreOutcome.Stale, Put(_generation));
        }
    }

    private void Invalidate()
    {
        InvalidateOutcome outcome = _rig.Store.Invalidate(
            _rig.TenantA, s_area, new Slot(Slot), new Generation(++_generation), acknowledgeLoad: false, _owner);
        Assert.Equal(_stored == 0 ? InvalidateOutcome.NotFound : InvalidateOutcome.Invalidated, outcome);
        _stored = 0;
        _evicted = 0;
    }

    private void Check()
    {
        LoadBatch batch = new() { Area = s_area, Epoch = _owner, Count = 1 };
        batch.Slots[0] = Slot;
        Assert.True(_rig.Store.Load(_rig.TenantA, batch));
        LoadOutcome expected = _stored == 0 ? LoadOutcome.NotFound
            : _evicted == _stored ? LoadOutcome.Evicted
            : LoadOutcome.Loaded;
        Assert.Equal(expected, batch.Outcomes[0]);
        Assert.Equal(expected == LoadOutcome.Loaded ? ZpageOf(_stored) : [], batch.Zpages.ToArray());
        if (_stored != 0)
        {
            Assert.Equal(_stored, batch.Pages[0].Generation.Value);
            Assert.Equal(PageChecksum.OfZpage(ZpageOf(_stored)) ^ 0x5A5A5A5A, batch.Pages[0].PageChecksum);
        }

        TenantStatistics figures = _rig.Figures();
        Assert.Equal(_stored != 0 && _evicted == _stored ? 1 : 0, figures.EvictedPages);
        Assert.Equal(_stored != 0 && _evicted != _stored ? 1 : 0, figures.StoredPages);
        _rig.AssertClean();
    }

    private StoreOutcome Put(ulong generation) => StoreRig.PutOne(
        _rig.Store, _rig.TenantA, Slot, ZpageOf(generation), generation, s_area.Value, _owner);

    private AttachEpoch Attach(AttachMode mode) => AreaOwners.Attach(
        _rig.TenantA, s_area, new AttachTerms { Mode = mode, Token = SessionToken.Create() }).Epoch;

    private static byte[] ZpageOf(ulong generation) => Zpages.Make((int)generation, 1000);
}
