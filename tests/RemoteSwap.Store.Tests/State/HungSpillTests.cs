using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.State;

/// <summary>A drain beside a spill disk that does not answer, and a start that names another spill file.</summary>
public sealed class HungSpillTests : IDisposable
{
    private const int Pages = 100;
    private readonly StateRig _state = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-hung-");

    [Fact]
    public async Task A_drain_goes_on_without_a_spill_disk_that_hangs_and_keeps_what_is_in_memory()
    {
        TaskCompletionSource answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
        MemoryTarget target = new()
        {
            DuringWrite = () =>
            {
                hangs.TrySetResult();
                return answers.Task;
            },
        };
        StoreRig first = new(target: target, state: _state.Open());
        await new WarmRestart(first.Store).StartAsync(discards: false, progress: null);
        for (ulong slot = 0; slot < Pages; slot++)
        {
            Assert.Equal(StoreOutcome.Stored, first.Put(slot, Zpages.Make((int)slot, 1500), generation: 1));
        }

        Task<ReclaimResult> reclaim = first.Store.ReclaimAsync(first.TenantA, 40, 8).AsTask();
        await hangs.Task;
        WarmResult drained = await new WarmRestart(first.Store) { Patience = TimeSpan.FromMilliseconds(50) }
            .DrainAsync(progress: null);

        Assert.True(drained.WasHung);
        Assert.Equal((Pages, 0L), (drained.Pages, drained.LostPages));

        // What comes too late changes nothing any more.
        answers.SetResult();
        Assert.Equal(0, (await reclaim).FramesFreed);
        Assert.Equal((Pages, 0L), (first.Figures().StoredPages, first.Figures().SpilledPages));
        first.Dispose();

        using StoreRig second = _state.Start();
        Assert.Equal((Pages, 0L), (_state.Started.Pages, _state.Started.LostPages));
        for (ulong slot = 0; slot < Pages; slot++)
        {
            Assert.Equal(Zpages.Make((int)slot, 1500), second.Get(slot).Zpage);
        }

        second.AssertClean(deep: true);
    }

    [Fact]
    public async Task A_start_with_another_spill_file_is_refused_before_anything_is_lost()
    {
        string path = Path.Combine(_folder.FullName, "pages");
        string book = Path.Combine(_state.Path, "spill-book");
        using (SpillFile spill = new(path, 1 << 20, book))
        {
            using PageStore store = Open(spill);
            await new WarmRestart(store).StartAsync(discards: false, progress: null);
            Tenant tenant = store.Tenants[0];
            for (ulong slot = 0; slot < Pages; slot++)
            {
                Assert.Equal(
                    StoreOutcome.Stored,
                    StoreRig.PutOne(store, tenant, slot, Zpages.Make((int)slot, 1500), generation: 1));
            }

            Assert.True((await store.ReclaimAsync(tenant, 20, 8)).FramesFreed > 0);
            await new WarmRestart(store).DrainAsync(progress: null);
        }

        string moved = Path.Combine(_folder.FullName, "elsewhere");
        using (StateFolder state = _state.Open())
        {
            string? mistyped = DrainedSpill.WhyNot(state, Path.Combine(_folder.FullName, "pagse"));
            Assert.Contains($"'{path}', and this one is not there", mistyped, StringComparison.Ordinal);
            Assert.Null(DrainedSpill.WhyNot(state, path));

            // A file that was moved is the same file.
            File.Move(path, moved);
            Assert.Null(DrainedSpill.WhyNot(state, moved));
            new SpillFile(path, 1 << 20, bookPath: Path.Combine(_folder.FullName, "book")).Dispose();
            Assert.Contains("is another file", DrainedSpill.WhyNot(state, path), StringComparison.Ordinal);
        }

        using SpillFile again = new(moved, 1 << 20, book);
        using PageStore next = Open(again);
        WarmResult back = await new WarmRestart(next).StartAsync(discards: false, progress: null);
        Assert.Equal(0, back.LostPages);
        LoadBatch batch = new() { Count = Pages };
        for (int page = 0; page < Pages; page++)
        {
            batch.Slots[page] = (ulong)page;
        }

        await next.LoadAsync(next.Tenants[0], batch);
        Assert.All(batch.Outcomes[..Pages], outcome => Assert.Equal(LoadOutcome.Loaded, outcome));
    }

    [Fact]
    public void Frames_are_marked_as_idle_by_nobody_while_the_store_drains()
    {
        StoreRig rig = _state.Start();
        rig.Put(1, Zpages.Make(1, 500));
        Assert.Equal(1, rig.Store.MarkIdle(rig.TenantA, TimeSpan.Zero));
        StateRig.Write(rig);
        Assert.Throws<InvalidOperationException>(() => rig.Store.MarkIdle(rig.TenantA, TimeSpan.Zero));
        rig.Dispose();
    }

    public void Dispose()
    {
        _state.Dispose();
        _folder.Delete(recursive: true);
    }

    private PageStore Open(SpillFile spill) => new(
        new StoreOptions { LimitBytes = 8 << 20 },
        new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { ["a"] = new TenantOptions { Shards = 1 } },
        spill,
        state: _state.Open());
}
