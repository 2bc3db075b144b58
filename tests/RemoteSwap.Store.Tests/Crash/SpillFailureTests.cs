using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>
/// What a spill file's file system can do to it while it is in use: each is a refusal, an I/O error or CORRUPT, and
/// never wrong bytes.
/// </summary>
public sealed class SpillFailureTests : IDisposable
{
    private const int Pages = 200;

    private readonly KeptFiles _files = new();

    [Fact]
    public async Task A_file_that_is_cut_off_under_the_server_is_an_error_for_its_pages_only()
    {
        using KeptStore store = await FillAsync();
        using (SafeFileHandle file = OpenCopy.ForWriting(_files.Spill))
        {
            RandomAccess.SetLength(file, RandomAccess.GetLength(file) / 2);
        }

        int errors = 0;
        for (ulong slot = 0; slot < Pages; slot++)
        {
            LoadOutcome outcome = (await store.GetAsync(slot)).Outcome;
            if (outcome == LoadOutcome.Loaded)
            {
                await store.AssertKeptAsync(slot);
            }

            Assert.True(outcome is LoadOutcome.Loaded or LoadOutcome.IoError or LoadOutcome.Corrupt, $"{outcome}");
            errors += outcome == LoadOutcome.Loaded ? 0 : 1;
        }

        Assert.InRange(errors, Pages / 4, Pages * 3 / 4);
    }

    [Fact]
    public async Task An_image_that_another_program_wrote_over_is_corrupt()
    {
        using KeptStore store = await FillAsync();
        using (SafeFileHandle file = OpenCopy.ForWriting(_files.Spill))
        {
            byte[] content = new byte[RandomAccess.GetLength(file)];
            new Random(7).NextBytes(content);
            RandomAccess.Write(file, content, 0);
        }

        for (ulong slot = 0; slot < Pages; slot++)
        {
            Assert.Equal(LoadOutcome.Corrupt, (await store.GetAsync(slot)).Outcome);
        }
    }

    [Fact]
    public async Task An_image_of_another_place_is_corrupt()
    {
        using KeptStore store = await FillAsync();
        using (SafeFileHandle file = OpenCopy.ForWriting(_files.Spill))
        {
            // All images a place further: each is whole and this tenant's.
            byte[] content = new byte[60 * 4096];
            RandomAccess.Read(file, content, 2 * 4096);
            RandomAccess.Write(file, content, 3 * 4096);
        }

        int corrupt = 0;
        for (ulong slot = 0; slot < Pages; slot++)
        {
            (LoadOutcome outcome, _) = await store.GetAsync(slot);
            corrupt += outcome == LoadOutcome.Corrupt ? 1 : 0;
            if (outcome == LoadOutcome.Loaded)
            {
                await store.AssertKeptAsync(slot);
            }
        }

        Assert.InRange(corrupt, 60, Pages);
    }

    [Fact]
    public async Task A_write_that_fails_in_the_middle_leaves_the_pages_in_memory()
    {
        await using FailingStore store = await FailingStore.BeginAsync(_files);
        store.Target.Step = static () => throw new IOException("input/output error");

        ReclaimResult result = await store.Store.ReclaimAsync(store.Tenant, 4, 2);

        Assert.Equal(ReclaimOutcome.TryAgain, result.Outcome);
        Assert.Contains("input/output error", result.Detail, StringComparison.Ordinal);
        Assert.Equal(0, store.Target.UsedBytes);
        await store.AssertAllAsync();

        store.Target.Step = static () => { };
        Assert.Equal(ReclaimOutcome.Freed, (await store.Store.ReclaimAsync(store.Tenant, 4, 2)).Outcome);
        await store.AssertAllAsync();
    }

    // A real file system that is full; needs root to make one.
    [Fact]
    public async Task A_full_file_system_is_a_refusal_and_nothing_is_lost()
    {
        string folder = Directory.CreateTempSubdirectory("remoteswap-small-").FullName;
        Assert.SkipUnless(
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=512k", "none", folder), "needs root, for a small tmpfs");
        try
        {
            using PageStore store = new(
                new StoreOptions { LimitBytes = 8 << 20 },
                new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { ["a"] = new() { Shards = 1 } },
                new SpillFile(Path.Combine(folder, "spill"), 8 << 20));
            for (ulong slot = 0; slot < Pages; slot++)
            {
                StoreRig.PutOne(store, store.Tenants[0], slot, Zpages.Make((int)slot, 4096), generation: 1);
            }

            ReclaimResult result = await store.ReclaimAsync(store.Tenants[0], Pages, 4);

            Assert.Equal(ReclaimOutcome.TryAgain, result.Outcome);
            Assert.Contains("space", result.Detail, StringComparison.OrdinalIgnoreCase);
            Assert.InRange(result.FramesFreed, 1, Pages - 1);
            LoadBatch load = new() { Count = 1 };
            for (ulong slot = 0; slot < Pages; slot++)
            {
                load.Slots[0] = slot;
                await store.LoadAsync(store.Tenants[0], load);
                Assert.Equal(LoadOutcome.Loaded, load.Outcomes[0]);
                Assert.Equal(Zpages.Make((int)slot, 4096), load.Zpages.ToArray());
            }

            Assert.Empty(StoreAudit.Run(store.Tenants[0], deep: true).Violations);

            // And one that has no room for the book is said at the start.
            Assert.Throws<IOException>(() => new SpillFile(
                Path.Combine(folder, "other"), 1L << 30, Path.Combine(folder, "book")));
            Assert.False(File.Exists(Path.Combine(folder, "book")));
        }
        finally
        {
            await RunAsync("umount", folder);
            Directory.Delete(folder);
        }
    }

    [Theory]
    [InlineData("p")]
    [InlineData("c 1 3")]
    public async Task What_is_no_file_is_left_alone(string kind)
    {
        string path = _files.Spill;
        Assert.SkipUnless(await RunAsync("mknod", [path, .. kind.Split(' ')]), "needs root, for a device");

        Assert.Throws<IOException>(() => new SpillFile(path, 1 << 20));
        Assert.True(await RunAsync("test", $"-{kind[0]}", path));
    }

    [Fact]
    public async Task A_book_that_has_no_room_to_grow_takes_no_page_with_it()
    {
        const int Places = 16;
        string folder = Directory.CreateTempSubdirectory("remoteswap-small-").FullName;
        Assert.SkipUnless(
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=512k", "none", folder), "needs root, for a small tmpfs");
        try
        {
            string spill = Path.Combine(folder, "spill");
            string book = Path.Combine(folder, "book");
            using (PageStore store = Open(new SpillFile(spill, Places * 4096, book)))
            {
                await store.Kept.RestoreAsync();
                for (ulong slot = 0; slot < Places; slot++)
                {
                    StoreRig.PutOne(store, store.Tenants[0], slot, Zpages.Make((int)slot, 4096), generation: 1);
                }

                Assert.Equal(Places, (await store.ReclaimAsync(store.Tenants[0], Places, 4)).FramesFreed);
            }

            Assert.Throws<IOException>(() => new SpillFile(spill, 1L << 30, book));

            using PageStore next = Open(new SpillFile(spill, Places * 4096, book));
            await next.Kept.RestoreAsync();
            Assert.Equal(Places, next.Kept.Restored.Kept);
        }
        finally
        {
            // The book stays mapped until nothing refers to it.
            await RunAsync("umount", "-l", folder);
            Directory.Delete(folder);
        }
    }

    public void Dispose() => _files.Dispose();

    private static PageStore Open(SpillFile spill) => new(
        new StoreOptions { LimitBytes = 8 << 20 },
        new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { ["a"] = new() { Shards = 1 } },
        spill);

    private async Task<KeptStore> FillAsync()
    {
        KeptStore store = await KeptStore.BeginAsync(_files, places: 1000);
        for (ulong slot = 0; slot < Pages; slot++)
        {
            store.Put(slot);
        }

        await store.SpillAllAsync();
        return store;
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
