using RemoteSwap.Pool;
using Xunit;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>When a spill file of an earlier life is believed, and which of its pages.</summary>
public sealed class KeptSpillTests : IDisposable
{
    private readonly KeptFiles _files = new();

    [Fact]
    public async Task After_a_kill_spilled_pages_are_there_and_all_others_are_lost()
    {
        using KeptFiles left = await LeaveAsync(store => store.Put(9, size: 500));

        using KeptStore next = await KeptStore.BeginAsync(left);

        Assert.Equal(3, next.Restored.Kept);
        Assert.Equal(0, next.Restored.Dropped);
        await next.AssertKeptAsync(0);
        await next.AssertKeptAsync(1);
        await next.AssertKeptAsync(2, size: 4096);
        Assert.Equal(LoadOutcome.Lost, (await next.GetAsync(9)).Outcome);
        Assert.Equal(LoadOutcome.Lost, (await next.GetAsync(77)).Outcome);
        Assert.Empty(StoreAudit.Run(next.TenantOf("a"), deep: true).Violations);
    }

    [Fact]
    public async Task After_another_start_of_the_machine_nothing_is_believed()
    {
        using KeptFiles left = await LeaveAsync();

        using KeptStore next = await KeptStore.BeginAsync(left, KeptStore.OtherBoot);

        Assert.Equal(default, next.Restored);
        Assert.Equal(0, next.Spill.UsedBytes);
        Assert.Equal(LoadOutcome.NotFound, (await next.GetAsync(0)).Outcome);
    }

    [Fact]
    public async Task Where_the_system_does_not_tell_its_starts_apart_nothing_is_believed()
    {
        using KeptFiles left = await LeaveAsync(boot: Guid.Empty);

        using KeptStore next = await KeptStore.BeginAsync(left, Guid.Empty);

        Assert.Equal(0, next.Restored.Kept);
    }

    [Fact]
    public async Task A_file_that_was_closed_is_believed_after_another_start_of_the_machine()
    {
        (await BeginAndSpillAsync(_files)).Dispose();
        using KeptFiles left = _files.Copy();

        using KeptStore next = await KeptStore.BeginAsync(left, KeptStore.OtherBoot);

        Assert.Equal(3, next.Restored.Kept);
        await next.AssertKeptAsync(1);

        // But from now on it is in use, and this start's.
        using KeptFiles again = left.Copy();
        using KeptStore third = await KeptStore.BeginAsync(again, KeptStore.Boot);
        Assert.Equal(0, third.Restored.Kept);
    }

    [Fact]
    public async Task What_changes_after_the_file_was_closed_takes_that_back()
    {
        KeptStore store = await BeginAndSpillAsync(_files);
        store.Dispose();
        store.Spill.Book!.Clear(new SpillPlace(0), Buddy.First);
        using KeptFiles left = _files.Copy();

        using KeptStore next = await KeptStore.BeginAsync(left, KeptStore.OtherBoot);

        Assert.Equal(0, next.Restored.Kept);
    }

    [Fact]
    public async Task Two_images_that_claim_one_slot_are_both_not_believed()
    {
        using KeptFiles left = await LeaveAsync(async store =>
        {
            // The first image of slot 2 has a place of its own; its mark comes back as if it had never gone.
            SpillPlace first = PlaceOf(store, 2);
            LiveMark mark = store.Spill.Book![first];
            store.Spill.AddUser(first);
            store.Put(2, generation: 2, size: 4096);
            await store.SpillAllAsync();
            store.Spill.Book.Set(first, Buddy.First, mark.ImageChecksum, mark.IsHeadless);
        });

        using KeptStore next = await KeptStore.BeginAsync(left);

        Assert.Equal(2, next.Restored.Doubtful);
        Assert.Equal(LoadOutcome.Lost, (await next.GetAsync(2)).Outcome);
        await next.AssertKeptAsync(0);
        Assert.Empty(StoreAudit.Run(next.TenantOf("a"), deep: true).Violations);
        Assert.Equal(4096, next.Spill.UsedBytes);
    }

    [Fact]
    public async Task A_whole_image_that_is_not_the_noted_one_is_not_believed()
    {
        using KeptFiles left = await LeaveAsync(store =>
        {
            SpillPlace place = PlaceOf(store, 2);
            store.Spill.Book!.Set(place, Buddy.First, store.Spill.Book[place].ImageChecksum + 1, isHeadless: true);
        });

        using KeptStore next = await KeptStore.BeginAsync(left);

        Assert.Equal(1, next.Restored.Damaged);
        Assert.Equal(LoadOutcome.Lost, (await next.GetAsync(2)).Outcome);
        Assert.True(next.Spill.Book![new SpillPlace(1)].IsNone || next.Spill.Book[new SpillPlace(0)].IsNone);
    }

    [Fact]
    public async Task Images_go_on_naming_the_tenant_that_they_named()
    {
        using (KeptStore store = await KeptStore.BeginAsync(_files, tenants: ["m"]))
        {
            store.Put(0, tenant: "m");
            await store.SpillAllAsync("m");
        }

        // In the order of names it would be the second now.
        using KeptFiles left = _files.Copy();
        using (KeptStore next = await KeptStore.BeginAsync(left, tenants: ["a", "m"]))
        {
            await next.AssertKeptAsync(0, tenant: "m");
            Assert.Equal(LoadOutcome.NotFound, (await next.GetAsync(0)).Outcome);
        }

        // And without it, its pages are nobody's.
        using KeptFiles again = left.Copy();
        using KeptStore third = await KeptStore.BeginAsync(again, tenants: ["a"]);
        Assert.Equal(1, third.Restored.Foreign);
        Assert.Equal(LoadOutcome.NotFound, (await third.GetAsync(0)).Outcome);
    }

    [Fact]
    public async Task A_tenant_whose_pool_was_broken_is_not_believed_and_begins_anew()
    {
        using KeptFiles left = await LeaveAsync(
            store => store.TenantOf("a").SetPoison(new InvariantViolationException("a test broke it")));

        using KeptStore next = await KeptStore.BeginAsync(left);
        Assert.Equal(3, next.Restored.Foreign);
        next.Put(5);
        await next.SpillAllAsync();

        using KeptFiles again = left.Copy();
        using KeptStore third = await KeptStore.BeginAsync(again);
        await third.AssertKeptAsync(5);
    }

    [Fact]
    public async Task A_smaller_file_keeps_what_lies_in_its_places()
    {
        using KeptFiles left = await LeaveAsync();

        using KeptStore next = await KeptStore.BeginAsync(left, places: 1);

        Assert.Equal(3, next.Restored.Kept + next.Restored.Foreign);
        Assert.True(next.Restored.Kept > 0 && next.Restored.Foreign > 0);
        Assert.Equal(4096, next.Spill.UsedBytes);

        using KeptFiles again = left.Copy();
        using KeptStore third = await KeptStore.BeginAsync(again, places: 64);
        Assert.Equal(next.Restored.Kept, third.Restored.Kept);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(6000)]
    [InlineData(9000)]
    public async Task A_file_that_was_cut_off_gives_what_is_whole(long length)
    {
        using KeptFiles left = await LeaveAsync();
        using (FileStream file = File.OpenWrite(left.Spill))
        {
            file.SetLength(length);
        }

        using KeptStore next = await KeptStore.BeginAsync(left);

        Assert.Equal(0, next.Restored.Kept);
        Assert.NotEqual(LoadOutcome.Loaded, (await next.GetAsync(0)).Outcome);
        next.Put(0, generation: 9);
        await next.SpillAllAsync();
        await next.AssertKeptAsync(0, generation: 9);
    }

    [Fact]
    public async Task Any_byte_that_flips_is_a_loss_and_nothing_else()
    {
        using KeptFiles left = await LeaveAsync();
        long length = new FileInfo(left.Spill).Length;
        Random random = new(5);
        for (int flip = 0; flip < 200; flip++)
        {
            using KeptFiles damaged = left.Copy();
            bool isBook = flip % 4 == 0;
            string path = isBook ? damaged.Book : damaged.Spill;
            long offset = isBook ? (16_896 * 8) + random.Next(16) : random.NextInt64(length);
            using (FileStream file = new(path, FileMode.Open))
            {
                file.Position = offset;
                int value = file.ReadByte();
                file.Position = offset;
                file.WriteByte((byte)(value ^ (1 << random.Next(8))));
            }

            using KeptStore next = await KeptStore.BeginAsync(damaged);
            for (ulong slot = 0; slot < 3; slot++)
            {
                if ((await next.GetAsync(slot)).Outcome == LoadOutcome.Loaded)
                {
                    await next.AssertKeptAsync(slot, size: slot == 2 ? 4096 : 1000);
                }
            }
        }
    }

    [Fact]
    public async Task A_book_of_another_file_is_not_believed()
    {
        using KeptFiles left = await LeaveAsync();
        using KeptFiles other = new();
        using (KeptStore store = await BeginAndSpillAsync(other))
        {
            OpenCopy.Make(other.Book, left.Book);
        }

        using KeptStore next = await KeptStore.BeginAsync(left);

        Assert.Equal(default, next.Restored);
    }

    [Fact]
    public void Somebody_elses_files_are_left_alone()
    {
        File.WriteAllText(_files.Book, "somebody's letter");

        Assert.Throws<IOException>(() => new SpillFile(_files.Spill, 1 << 20, _files.Book));
        Assert.Equal("somebody's letter", File.ReadAllText(_files.Book));
    }

    [Fact]
    public void Files_that_a_kill_left_unmade_are_made_anew()
    {
        File.WriteAllBytes(_files.Spill, []);
        File.WriteAllBytes(_files.Book, new byte[5000]);

        using SpillFile file = new(_files.Spill, 1 << 20, _files.Book);

        Assert.False(file.IsContinued);
        Assert.True(file.TryReserve(out _));
    }

    [Fact]
    public async Task Two_servers_can_not_have_one_file()
    {
        using KeptStore store = await BeginAndSpillAsync(_files);

        Assert.Throws<IOException>(() => new SpillFile(_files.Spill, 1 << 20, _files.Book));
        await store.AssertKeptAsync(0);
    }

    [Fact]
    public async Task Nothing_is_done_before_the_pages_are_back()
    {
        using KeptFiles left = await LeaveAsync();
        using PageStore store = new(
            new StoreOptions { LimitBytes = 1 << 20 },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { ["a"] = new() },
            new SpillFile(left.Spill, 1 << 20, left.Book, KeptStore.Boot));

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => store.LoadAsync(store.Tenants[0], new LoadBatch { Count = 1 }).AsTask());
        Assert.Throws<InvalidOperationException>(
            () => store.Invalidate(store.Tenants[0], default, default, default));
    }

    public void Dispose() => _files.Dispose();

    private static SpillPlace PlaceOf(KeptStore store, ulong slot) =>
        store.TenantOf("a").Shards[0].Index[default, new Slot(slot)].Place;

    // Slots 0 and 1 share a frame, slot 2 has one of its own.
    private static async Task<KeptStore> BeginAndSpillAsync(KeptFiles files, Guid? boot = null)
    {
        KeptStore store = await KeptStore.BeginAsync(files, boot);
        store.Put(0);
        store.Put(1);
        store.Put(2, size: 4096);
        await store.SpillAllAsync();
        return store;
    }

    private Task<KeptFiles> LeaveAsync(Action<KeptStore> last) => LeaveAsync(store =>
    {
        last(store);
        return Task.CompletedTask;
    });

    // What is left of a server that is killed.
    private async Task<KeptFiles> LeaveAsync(Func<KeptStore, Task>? last = null, Guid? boot = null)
    {
        using KeptStore store = await BeginAndSpillAsync(_files, boot);
        await (last?.Invoke(store) ?? Task.CompletedTask);
        return _files.Copy();
    }
}
