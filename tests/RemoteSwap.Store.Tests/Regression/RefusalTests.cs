using RemoteSwap.Pool;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Regression;

/// <summary>
/// B6 and B7: a Store that is refused leaves nothing behind, whatever the reason; the old page must never come back,
/// not by Load, not by writeback. A reason without a row here fails the last test.
/// </summary>
public sealed class RefusalTests
{
    private const ulong Key = 7;

    public static TheoryData<string> Reasons =>
    [
        nameof(StoreOutcome.TenantLimit),
        nameof(StoreOutcome.PoolLimit),
        nameof(StoreOutcome.CompressPoor),
        nameof(StoreOutcome.AllocFail),
        nameof(StoreOutcome.MetadataFail),
        nameof(StoreOutcome.Disabled),
        nameof(StoreOutcome.Draining),
        nameof(StoreOutcome.BatchAborted),
    ];

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_refused_store_leaves_no_old_page(string reason)
    {
        MemoryTarget target = new();
        using StoreRig rig = new(
            1 << 20,
            target,
            new TenantOptions { Shards = 1, Incompressible = IncompressiblePolicy.Reject });
        Assert.Equal(StoreOutcome.Stored, rig.Put(Key, Zpages.Make(1, 1000)));

        StoreOutcome outcome = Refuse(rig, Enum.Parse<StoreOutcome>(reason));

        Assert.Equal(reason, outcome.ToString());
        Assert.Equal(LoadOutcome.NotFound, rig.Get(Key).Outcome);
        await rig.Store.ReclaimAsync(rig.TenantA, 1000, 8);
        Assert.Equal(LoadOutcome.NotFound, (await rig.GetAsync(Key)).Outcome);
        Assert.Equal(0, rig.Figures().SpilledPages - rig.Figures().WrittenBackPages);
    }

    [Fact]
    public void Every_reason_has_a_row()
    {
        StoreOutcome[] noRefusals =
        [
            StoreOutcome.None,
            StoreOutcome.Stored,
            StoreOutcome.SameFilled,
            StoreOutcome.Stale,
            StoreOutcome.Invariant,
            StoreOutcome.Fenced,

            // Given to pages of empty slots only: a tenant with all its pages may replace them.
            StoreOutcome.PageQuota,
        ];

        IEnumerable<string> refusals = Enum.GetValues<StoreOutcome>()
            .Except(noRefusals)
            .Select(outcome => outcome.ToString());

        Assert.Equal(
            refusals.Order(StringComparer.Ordinal),
            Reasons.Select(row => row.Data).Order(StringComparer.Ordinal));
    }

    private static StoreOutcome Refuse(StoreRig rig, StoreOutcome reason)
    {
        byte[] newer = Zpages.Make(2, 900);
        switch (reason)
        {
            case StoreOutcome.TenantLimit:
                rig.TenantA.SetLimits(new TenantLimits { LimitBytes = 4096 });
                return rig.Put(Key, newer);
            case StoreOutcome.PoolLimit:
                ulong slot = 100_000;
                while (rig.Put(slot, Zpages.Make((int)slot, 3900), tenant: rig.TenantB) == StoreOutcome.Stored)
                {
                    slot++;
                }

                return rig.Put(Key, newer);
            case StoreOutcome.CompressPoor:
                return rig.Put(Key, Zpages.Make(2, 4096));
            case StoreOutcome.AllocFail:
                TakeAllFrames(rig);
                return rig.Put(Key, Zpages.Make(2, 3900));
            case StoreOutcome.MetadataFail:
                TakeAllFrames(rig);

                // A word whose halves differ needs a cell of the fill table, and that a frame.
                return rig.Put(Key, Zpages.Make(2, sizeof(ulong)));
            case StoreOutcome.Disabled:
                rig.TenantA.IsEnabled = false;
                return rig.Put(Key, newer);
            case StoreOutcome.Draining:
                rig.Store.BeginDrain();
                return rig.Put(Key, newer);
            default:
                StoreOutcome[] outcomes = rig.PutAll(true, (Key, newer), (Key + 1, Zpages.Make(3, 4096)));
                Assert.Equal(StoreOutcome.CompressPoor, outcomes[1]);
                return outcomes[0];
        }
    }

    // Behind the budget's back: the system has no memory although no limit is reached.
    private static void TakeAllFrames(StoreRig rig)
    {
        while (rig.Store.Arena.TryTake(out FrameNumber _))
        {
        }
    }
}
