using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Areas;

/// <summary>
/// C3: from the moment an attach has returned, no request of an older epoch has any effect, however threads interleave.
/// Two threads act for whoever they last knew to be the owner, without pause; a third takes the area over, ten thousand
/// times.
/// </summary>
public sealed class FencingTests
{
    private const int TakeOvers = 10_000;
    private const ulong Slots = 4;
    private static readonly AreaId s_area = new(3);

    private ulong _announced;
    private ulong _known;
    private long _generation;
    private volatile bool _isOver;
    private int _fenced;
    private int _done;

    [Fact]
    public async Task A_former_owner_has_no_effect_in_ten_thousand_take_overs()
    {
        using StoreRig rig = new();
        _known = Attach(rig).Epoch.Value;
        _announced = _known;
        Task[] owners = [Task.Run(() => Act(rig, seed: 1)), Task.Run(() => Act(rig, seed: 2))];
        Random random = new(20_260_101);
        for (int i = 0; i < TakeOvers; i++)
        {
            Thread.SpinWait(random.Next(200));
            AttachResult result = Attach(rig);
            Assert.Equal(AttachOutcome.Attached, result.Outcome);
            Volatile.Write(ref _announced, result.Epoch.Value);

            // What the new owner sees stays, while the former ones go on.
            Generation[] seen =
                [.. Enumerable.Range(0, (int)Slots).Select(slot => Look(rig, (ulong)slot, result.Epoch))];
            Thread.SpinWait(random.Next(200));
            for (int slot = 0; slot < seen.Length; slot++)
            {
                Assert.Equal(seen[slot], Look(rig, (ulong)slot, result.Epoch));
            }

            Volatile.Write(ref _known, result.Epoch.Value);
        }

        _isOver = true;
        await Task.WhenAll(owners);
        Assert.True(_fenced > 0 && _done > 0, $"{_fenced} fenced, {_done} done");
        rig.AssertClean(deep: true);
    }

    private static AttachResult Attach(StoreRig rig) => AreaOwners.Attach(
        rig.TenantA, s_area, new AttachTerms { Mode = AttachMode.TakeOver, Token = SessionToken.Create() });

    private static Generation Look(StoreRig rig, ulong slot, AttachEpoch epoch)
    {
        LoadBatch batch = new() { Area = s_area, Epoch = epoch, Count = 1 };
        batch.Slots[0] = slot;
        Assert.True(rig.Store.Load(rig.TenantA, batch));
        Assert.True(batch.Outcomes[0] is LoadOutcome.Loaded or LoadOutcome.NotFound, $"{batch.Outcomes[0]}");
        return batch.Pages[0].Generation;
    }

    private void Act(StoreRig rig, int seed)
    {
        Random random = new(seed);
        StoreBatch batch = new() { Area = s_area };
        while (!_isOver)
        {
            ulong epoch = Volatile.Read(ref _known);
            bool isFormer = Volatile.Read(ref _announced) != epoch;
            ulong generation = (ulong)Interlocked.Increment(ref _generation);
            Slot slot = new((ulong)random.NextInt64((long)Slots));
            bool isFenced = random.Next(4) switch
            {
                0 => rig.Store.Invalidate(rig.TenantA, s_area, slot, new Generation(generation), epoch: new(epoch))
                    == InvalidateOutcome.Fenced,
                1 => rig.Store.InvalidateRange(
                    rig.TenantA, s_area, slot, 2, new Generation(generation), new AttachEpoch(epoch)).Outcome
                    == InvalidateOutcome.Fenced,
                _ => Store(rig, batch, slot.Value, generation, epoch) == StoreOutcome.Fenced,
            };
            Assert.True(isFenced || !isFormer, $"a request of epoch {epoch} had an effect after a newer attach");
            Interlocked.Increment(ref isFenced ? ref _fenced : ref _done);
        }
    }

    private static StoreOutcome Store(StoreRig rig, StoreBatch batch, ulong slot, ulong generation, ulong epoch)
    {
        byte[] zpage = Zpages.Make((int)generation, 300);
        StoreRig.FillRow(batch, 0, slot, zpage, generation);
        batch.Epoch = new AttachEpoch(epoch);
        batch.Count = 1;
        batch.Zpages = Zpages.Message(zpage);
        rig.Store.Store(rig.TenantA, batch);
        return batch.Outcomes[0];
    }
}
