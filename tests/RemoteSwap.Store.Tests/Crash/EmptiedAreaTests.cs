using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>A kill while an area is emptied for its new owner: nothing of the former one may come back.</summary>
public sealed class EmptiedAreaTests : IDisposable
{
    private const int Pages = 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("remoteswap-state-").FullName;
    private readonly KeptFiles _files = new();
    private readonly SessionToken _token = SessionToken.Create();

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(24)]
    public async Task Pages_that_were_being_discarded_do_not_come_back(int steps)
    {
        KeptFiles? left = null;
        string leftState = Directory.CreateTempSubdirectory("remoteswap-state-").FullName;
        using (StateFolder state = StateFolder.Open(_folder, TimeProvider.System))
        {
            WatchedSpill target = new(new SpillFile(_files.Spill, 64 * 4096, _files.Book, KeptStore.Boot));
            using PageStore store = await BeginAsync(target, state);
            await FillAsync(store);
            target.Step = () =>
            {
                if (--steps == 0)
                {
                    left = _files.Copy();
                    OpenCopy.Make(Path.Combine(_folder, "areas"), Path.Combine(leftState, "areas"));
                }
            };
            AreaOwners.Attach(store.Tenants[0], default, Terms());
        }

        using (left)
        {
            using StateFolder state = StateFolder.Open(leftState, TimeProvider.System);
            using PageStore next =
                await BeginAsync(new SpillFile(left!.Spill, 64 * 4096, left.Book, KeptStore.Boot), state);
            AttachResult again = AreaOwners.Attach(next.Tenants[0], default, Terms());

            Assert.Equal(AttachOutcome.Attached, again.Outcome);
            Assert.Empty(PageListing.Run(next.Tenants[0], default, again.Epoch, default, 100).Pages);
            Assert.Equal(0, next.Statistics.SpillUsedBytes);
        }

        Directory.Delete(leftState, recursive: true);
    }

    [Fact]
    public async Task An_emptying_that_failed_is_ended_by_the_attach_that_comes_again()
    {
        AttachResult owner;
        using (StateFolder state = StateFolder.Open(_folder, TimeProvider.System))
        {
            WatchedSpill target = new(new SpillFile(_files.Spill, 64 * 4096, _files.Book, KeptStore.Boot));
            using PageStore store = await BeginAsync(target, state);
            await FillAsync(store);
            target.Step = static () => throw new IOException("no space left on device");
            Assert.Throws<IOException>(() => AreaOwners.Attach(store.Tenants[0], default, Terms()));
            target.Step = static () => { };

            owner = AreaOwners.Attach(store.Tenants[0], default, Terms());

            Assert.Equal(AttachOutcome.Attached, owner.Outcome);
            Assert.Empty(PageListing.Run(store.Tenants[0], default, owner.Epoch, default, 100).Pages);
            Assert.Equal(StoreOutcome.Stored, StoreRig.PutOne(
                store, store.Tenants[0], slot: 3, Zpages.Make(1, 900), generation: 1, epoch: owner.Epoch));
        }

        // Ended without a drain: what was acknowledged is lost, and not a slot that never held a page.
        using StateFolder left = StateFolder.Open(_folder, TimeProvider.System);
        using PageStore next =
            await BeginAsync(new SpillFile(_files.Spill, 64 * 4096, _files.Book, KeptStore.Boot), left);
        AttachTerms resume = new()
        {
            Mode = AttachMode.Resume,
            Token = _token,
            Attempt = SessionToken.Create(),
            Epoch = owner.Epoch,
        };
        Assert.True(AreaOwners.Attach(next.Tenants[0], default, resume).HasLostPages);
    }

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<PageStore> BeginAsync(IWritebackTarget target, StateFolder state)
    {
        PageStore store = new(
            new StoreOptions { LimitBytes = 1 << 20 },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { ["a"] = new() { Shards = 1 } },
            target,
            state: state);
        await store.Kept.RestoreAsync();
        store.Begin();
        return store;
    }

    private AttachTerms Terms() => new()
    {
        Mode = AttachMode.TakeOver,
        Token = _token,
        DiscardsPages = true,
    };

    private static async Task FillAsync(PageStore store)
    {
        for (ulong slot = 0; slot < Pages; slot++)
        {
            StoreRig.PutOne(store, store.Tenants[0], slot, Zpages.Make((int)slot, 4096), generation: 1);
        }

        await store.ReclaimAsync(store.Tenants[0], Pages, 1);
    }
}
