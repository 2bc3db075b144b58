using RemoteSwap.Codec;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Sealed;

/// <summary>
/// Zpages that a client has sealed, on a server that has no key: where they lie, what they cost, and that their ends
/// are kept and checked like all other bytes. The random models have them too, by their length of 4,122 bytes.
/// </summary>
public sealed class SealedZpageTests
{
    private const int Long = ZpageLimits.MaxBytes;

    [Fact]
    public void A_page_that_does_not_compress_takes_one_frame_sealed_or_not()
    {
        using StoreRig raw = new();
        using StoreRig sealedRig = new();
        for (ulong slot = 0; slot < 300; slot++)
        {
            Assert.Equal(StoreOutcome.Stored, raw.Put(slot, Zpages.Make((int)slot, PageSize.Bytes)));
            Assert.Equal(StoreOutcome.Stored, sealedRig.Put(slot, Zpages.Make((int)slot, Long)));
        }

        Assert.Equal(300, sealedRig.Figures().HeadlessFrames);
        Assert.Equal(raw.Figures().UsedBytes, sealedRig.Figures().UsedBytes);
        Assert.All(
            Enumerable.Range(0, 300),
            slot => Assert.Equal(Zpages.Make(slot, Long), sealedRig.Get((ulong)slot).Zpage));
        sealedRig.AssertClean(deep: true);
    }

    [Fact]
    public async Task A_flipped_bit_in_the_end_that_lies_in_a_header_is_found()
    {
        using StoreRig rig = new();
        rig.Put(7, Zpages.Make(7, Long));
        Shard shard = rig.TenantA.ShardOf(default, new Slot(7));
        for (int index = 0; index < ZpageLimits.SealBytes; index++)
        {
            Flip(shard, index);
            await rig.ScrubAsync();
            Assert.Equal(index + 1, rig.Figures().ScrubCorruptPages);
            Assert.Equal(LoadOutcome.Corrupt, rig.Get(7).Outcome);
            Flip(shard, index);
        }

        Assert.Equal(Zpages.Make(7, Long), rig.Get(7).Zpage);
    }

    [Fact]
    public async Task A_bit_of_the_end_that_flipped_before_the_frame_was_spilled_is_found()
    {
        using StoreRig rig = new(target: new MemoryTarget());
        rig.Put(7, Zpages.Make(7, Long));
        Flip(rig.TenantA.ShardOf(default, new Slot(7)), 3);
        await rig.Store.ReclaimAsync(rig.TenantA, 1, 8);
        Assert.Equal(1, rig.Figures().SpilledPages);

        await rig.ScrubAsync();

        Assert.Equal(1, rig.Figures().ScrubCorruptPages);
        Assert.Equal(LoadOutcome.Corrupt, (await rig.GetAsync(7)).Outcome);
    }

    [Fact]
    public async Task It_is_whole_in_the_spill_file_and_when_it_comes_back()
    {
        using StoreRig rig = new(target: new MemoryTarget());
        rig.Put(7, Zpages.Make(7, Long));
        rig.Put(8, Zpages.Make(8, PageSize.Bytes));
        await rig.Store.ReclaimAsync(rig.TenantA, 2, 8);
        Assert.Equal(2, rig.Figures().SpilledPages);

        for (int load = 0; load < 3; load++)
        {
            Assert.Equal(Zpages.Make(7, Long), (await rig.GetAsync(7)).Zpage);
            Assert.Equal(Zpages.Make(8, PageSize.Bytes), (await rig.GetAsync(8)).Zpage);
        }

        Assert.Equal(2, rig.Figures().PromotedPages);
        rig.AssertClean(deep: true);
    }

    [Fact]
    public void It_is_whole_in_another_frame()
    {
        using StoreRig rig = new();
        for (ulong slot = 0; slot < 64; slot++)
        {
            rig.Put(slot, Zpages.Make((int)slot, Long));
        }

        for (ulong slot = 0; slot < 64; slot += 2)
        {
            rig.Forget(slot);
        }

        rig.Compact(1000);

        for (ulong slot = 1; slot < 64; slot += 2)
        {
            Assert.Equal(Zpages.Make((int)slot, Long), rig.Get(slot).Zpage);
        }

        rig.AssertClean(deep: true);
    }

    [Fact]
    public void Its_end_is_no_other_pages_when_the_frame_is_used_again()
    {
        using StoreRig rig = new();
        rig.Put(7, Zpages.Make(7, Long));
        rig.Put(7, Zpages.Make(8, PageSize.Bytes));
        Assert.Equal(Zpages.Make(8, PageSize.Bytes), rig.Get(7).Zpage);
        rig.Put(7, Zpages.Make(9, 900));
        rig.Put(7, Zpages.Make(10, Long));
        Assert.Equal(Zpages.Make(10, Long), rig.Get(7).Zpage);
        rig.Forget(7);
        rig.AssertEmpty();
    }

    private static void Flip(Shard shard, int index)
    {
        lock (shard.Gate)
        {
            shard.Pool.Spare(shard.Index[default, new Slot(7)].Handle)[index] ^= 1;
        }
    }
}
