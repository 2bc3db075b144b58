using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>A drain with a spill file that is kept: what was in memory and what was spilled come back.</summary>
public sealed class DrainedSpillTests : IDisposable
{
    private const int Pages = 60;
    private const int Spilled = 25;

    private readonly string _folder = Directory.CreateTempSubdirectory("remoteswap-state-").FullName;
    private readonly KeptFiles _files = new();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Everything_comes_back_and_empty_slots_are_empty(int shards)
    {
        await DrainAsync();

        using StateFolder state = Open();
        using PageStore next = New(state, _files.Spill, shards);
        WarmResult result = await new WarmRestart(next).StartAsync(discards: false, progress: null);

        Assert.Equal(0, result.LostPages);
        LoadBatch load = new() { Count = 1 };
        for (ulong slot = 0; slot < Pages; slot++)
        {
            load.Slots[0] = slot * 40;
            await next.LoadAsync(next.Tenants[0], load);
            Assert.Equal(slot == 3 ? LoadOutcome.NotFound : LoadOutcome.Loaded, load.Outcomes[0]);
            Assert.Equal(slot == 3 ? [] : Zpages.Make((int)slot, 1500), load.Zpages.ToArray());
        }

        load.Slots[0] = 999_999;
        await next.LoadAsync(next.Tenants[0], load);
        Assert.Equal(LoadOutcome.NotFound, load.Outcomes[0]);
        Assert.Empty(StoreAudit.Run(next.Tenants[0], deep: true).Violations);
    }

    [Fact]
    public async Task A_start_that_is_refused_for_want_of_room_takes_nothing_from_the_next()
    {
        await DrainAsync();
        using (StateFolder state = Open())
        using (PageStore crowded = New(state, _files.Spill, shards: 2, guaranteedToOthers: (4 << 20) - (2 * 4096)))
        {
            await Assert.ThrowsAsync<StateException>(
                () => new WarmRestart(crowded).StartAsync(discards: false, progress: null));
        }

        using StateFolder again = Open();
        using PageStore next = New(again, _files.Spill, shards: 2);
        WarmResult result = await new WarmRestart(next).StartAsync(discards: false, progress: null);

        Assert.Equal(0, result.LostPages);
    }

    [Fact]
    public async Task A_spill_file_that_is_not_there_any_more_is_a_loss_that_is_told()
    {
        await DrainAsync();
        File.Delete(_files.Spill);

        using StateFolder state = Open();
        Incarnation before = state.Incarnation;
        using PageStore next = New(state, _files.Spill, shards: 2);
        WarmResult result = await new WarmRestart(next).StartAsync(discards: false, progress: null);

        Assert.InRange(result.LostPages, 1, Pages);
        Assert.NotEqual(before, next.Incarnation);
        LoadBatch load = new() { Count = 1 };
        int lost = 0;
        for (ulong slot = 0; slot < Pages; slot++)
        {
            load.Slots[0] = slot * 40;
            await next.LoadAsync(next.Tenants[0], load);
            Assert.True(slot == 3 || load.Outcomes[0] is LoadOutcome.Loaded or LoadOutcome.Lost, $"{load.Outcomes[0]}");
            lost += load.Outcomes[0] == LoadOutcome.Lost ? 1 : 0;
        }

        Assert.InRange(lost, Spilled / 2, Pages - 1);
    }

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task DrainAsync()
    {
        using StateFolder state = Open();
        using PageStore store = New(state, _files.Spill, shards: 2);
        await new WarmRestart(store).StartAsync(discards: false, progress: null);
        for (ulong slot = 0; slot < Pages; slot++)
        {
            byte[] zpage = Zpages.Make((int)slot, 1500);
            StoreOutcome outcome = StoreRig.PutOne(store, store.Tenants[0], slot * 40, zpage, generation: 1);
            Assert.Equal(StoreOutcome.Stored, outcome);
            if (slot == Spilled)
            {
                await store.ReclaimAsync(store.Tenants[0], Spilled / 2, 1);
            }
        }

        store.Invalidate(store.Tenants[0], default, new Slot(3 * 40), new Generation(2));
        WarmResult written = await new WarmRestart(store).DrainAsync(progress: null);
        Assert.Equal(0, written.LostPages);
    }

    private StateFolder Open() => StateFolder.Open(_folder, TimeProvider.System);

    private PageStore New(StateFolder state, string spill, int shards, long guaranteedToOthers = 0) => new(
        new StoreOptions { LimitBytes = 4 << 20 },
        new Dictionary<string, TenantOptions>(StringComparer.Ordinal)
        {
            ["a"] = new() { Shards = shards },
            ["b"] = new() { GuaranteeBytes = guaranteedToOthers },
        },
        new SpillFile(spill, 1 << 20, _files.Book),
        state: state);
}
