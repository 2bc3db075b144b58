using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Scrub;

/// <summary>
/// What the scrubber finds, what it counts, and how fast it may go. Time is an argument here: nothing waits.
/// </summary>
public sealed class ScrubberTests
{
    private const int Pages = 2000;
    private const int Size = 1900;
    private const int LeafBytes = (256 * Size) + 4096;

    [Theory]
    [InlineData(1000)]
    [InlineData(4096)]
    public async Task A_flipped_bit_in_a_frame_is_found_once_in_each_pass(int size)
    {
        using StoreRig rig = new();
        rig.Put(7, Zpages.Make(7, size));
        rig.Put(8, Zpages.Make(8, size));
        rig.Put(7, Zpages.Make(9, size), area: 3, tenant: rig.TenantB);
        await rig.ScrubAsync();
        Assert.Equal(0, rig.Figures().ScrubCorruptPages);
        Flip(rig, 7);

        await rig.ScrubAsync();

        Assert.Equal(1, rig.Figures().ScrubCorruptPages);
        Assert.Equal(1, rig.Figures().CorruptPages);
        Assert.Equal(1, rig.TenantA.CorruptPages);
        Assert.Equal(4, rig.Figures().ScrubbedPages);
        Assert.Equal((0, 2), (rig.TenantB.CorruptPages, rig.Figures(rig.TenantB).ScrubbedPages));
        await rig.ScrubAsync();
        Assert.Equal(2, rig.Figures().ScrubCorruptPages);
        Assert.Equal(3, rig.Store.Statistics.ScrubPasses);
        rig.AssertClean();

        // It stays where it is, and never leaves.
        Assert.Equal(LoadOutcome.Corrupt, rig.Get(7).Outcome);
        Assert.Equal(Zpages.Make(8, size), rig.Get(8).Zpage);
    }

    [Theory]
    [InlineData(2000, 1990)]
    [InlineData(4096 + 40, 4096)]
    public async Task A_flipped_bit_in_a_spill_image_is_found(int damagedByte, int size)
    {
        MemoryTarget target = new();
        using StoreRig rig = await SpilledAsync(target, size);
        await rig.ScrubAsync();
        Assert.Equal((2, 0), (rig.Figures().ScrubbedPages, rig.Figures().ScrubCorruptPages));

        target.Damage(damagedByte);
        await rig.ScrubAsync();

        Assert.Equal(2, rig.Figures().ScrubCorruptPages);
        Assert.Equal(2, rig.TenantA.CorruptPages);
        rig.Forget(0);
        rig.Forget(1);
        rig.AssertEmpty();
    }

    // The image is whole then, and carries the rotten zpage faithfully.
    [Fact]
    public async Task A_bit_that_flipped_before_its_frame_was_spilled_is_found()
    {
        using StoreRig rig = new(target: new MemoryTarget());
        rig.Put(0, Zpages.Make(0, Size));
        Flip(rig, 0);
        await rig.Store.ReclaimAsync(rig.TenantA, 1, 8);
        Assert.Equal(1, rig.Figures().SpilledPages);

        await rig.ScrubAsync();

        Assert.Equal(1, rig.Figures().ScrubCorruptPages);
    }

    [Fact]
    public async Task A_page_forgotten_while_its_image_is_read_keeps_its_place()
    {
        MemoryTarget target = new();
        using StoreRig rig = await SpilledAsync(target, 4096);
        Stop stop = new();
        target.DuringRead = stop.WaitAsync;
        Task pass = rig.ScrubAsync();
        await stop.Reached;

        rig.Forget(0);
        rig.Forget(1);
        rig.Put(2, Zpages.Make(2, 4096));
        rig.Put(3, Zpages.Make(3, 4096));
        await rig.Store.ReclaimAsync(rig.TenantA, 2, 8);
        stop.GoOn();
        await pass;

        Assert.Equal((2, 0), (rig.Figures().ScrubbedPages, rig.Figures().ScrubCorruptPages));
        rig.Forget(2);
        rig.Forget(3);
        rig.AssertEmpty();
    }

    [Fact]
    public async Task An_image_that_can_not_be_read_is_not_counted_and_ends_nothing()
    {
        MemoryTarget target = new() { FailReads = true };
        using StoreRig rig = await SpilledAsync(target, 4096);

        await rig.ScrubAsync();

        Assert.Equal((0, 0), (rig.Figures().ScrubbedPages, rig.TenantA.CorruptPages));
        Assert.Equal(1, rig.Store.Scrubber.Passes);
        rig.Forget(0);
        rig.Forget(1);
        rig.AssertEmpty();
    }

    [Fact]
    public async Task No_more_is_read_than_the_rate_allows()
    {
        const int Rate = 10_000_000;
        using StoreRig rig = Filled(Rate);
        int ticks = 0;
        while (rig.Store.Scrubber.Passes == 0 && ticks < 1000)
        {
            await rig.Store.Scrubber.ScrubAsync(TimeSpan.FromMilliseconds(10), CancellationToken.None);
            ticks++;
            Assert.InRange(rig.Figures().ScrubbedPages * Size, 0, (ticks * Rate / 100) + LeafBytes);
        }

        Assert.Equal(Pages, rig.Figures().ScrubbedPages);
        Assert.InRange(ticks, Pages * Size / (Rate / 100), (Pages * Size / (Rate / 100)) + 10);
    }

    [Fact]
    public async Task Time_that_the_server_stood_still_is_not_caught_up_on()
    {
        using StoreRig rig = Filled(LeafBytes / 2);

        await rig.Store.Scrubber.ScrubAsync(TimeSpan.FromHours(1), CancellationToken.None);
        long first = rig.Figures().ScrubbedPages;
        await rig.Store.Scrubber.ScrubAsync(TimeSpan.FromSeconds(0.5), CancellationToken.None);

        Assert.InRange(first, 1, 256);
        Assert.Equal(first, rig.Figures().ScrubbedPages);
    }

    [Fact]
    public async Task A_pass_begins_a_minute_after_the_last_one_at_the_earliest()
    {
        using StoreRig rig = new();
        rig.Put(0, Zpages.Make(0, Size));
        for (int second = 0; second < 59; second++)
        {
            await rig.Store.Scrubber.ScrubAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        }

        Assert.Equal((1, 1), (rig.Store.Scrubber.Passes, rig.Figures().ScrubbedPages));
        await rig.ScrubAsync();
        Assert.Equal((2, 2), (rig.Store.Scrubber.Passes, rig.Figures().ScrubbedPages));
    }

    [Fact]
    public async Task At_rate_0_nothing_is_read()
    {
        using StoreRig rig = Filled(0);

        await rig.ScrubAsync();

        Assert.Equal((0, 0), (rig.Store.Scrubber.Passes, rig.Figures().ScrubbedPages));
    }

    [Fact]
    public async Task A_cancelled_pass_holds_nothing_and_the_next_begins_anew()
    {
        using StoreRig rig = await SpilledAsync(new MemoryTarget(), 4096);
        using CancellationTokenSource cancelled = new();
        rig.Target!.DuringRead = cancelled.CancelAsync;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await rig.Store.Scrubber.ScrubAsync(Scrubber.ShortestPass, cancelled.Token));
        rig.Target.DuringRead = () => Task.CompletedTask;
        await rig.ScrubAsync();

        Assert.Equal(1, rig.Store.Scrubber.Passes);
        rig.Forget(0);
        rig.Forget(1);
        rig.AssertEmpty();
    }

    private static StoreRig Filled(long rate)
    {
        StoreRig rig = new(scrubBytesPerSecond: rate);
        for (ulong slot = 0; slot < Pages; slot++)
        {
            Assert.Equal(StoreOutcome.Stored, rig.Put(slot, Zpages.Make((int)slot, Size)));
        }

        return rig;
    }

    private static async Task<StoreRig> SpilledAsync(MemoryTarget target, int size)
    {
        StoreRig rig = new(target: target, tenantA: new TenantOptions { Shards = 1 });
        rig.Put(0, Zpages.Make(0, size));
        rig.Put(1, Zpages.Make(1, size));
        await rig.Store.ReclaimAsync(rig.TenantA, 2, 8);
        Assert.Equal(2, rig.Figures().SpilledPages);
        return rig;
    }

    private static void Flip(StoreRig rig, ulong slot)
    {
        Shard shard = rig.TenantA.ShardOf(default, new Slot(slot));
        lock (shard.Gate)
        {
            shard.Pool.Map(shard.Index[default, new Slot(slot)].Handle)[500] ^= 1;
        }
    }
}
