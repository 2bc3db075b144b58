using System.Collections.Concurrent;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Linearizability;

/// <summary>
/// Threads store, load and invalidate the same few slots while others reclaim into a target and move frames. Each
/// slot's history must be linearisable. The seed is printed; TESTS_SEED takes it (the threads' timing it cannot
/// fix).
/// </summary>
public sealed class ParallelTests
{
    private const string SeedVariable = "TESTS_SEED";
    private const int Rounds = 60;
    private const int Threads = 3;
    private const int Slots = 6;
    private const int OperationsPerThread = 60;

    // A thread lets frames be moved after each of so many operations: on a busy machine the mover would else not get
    // its turn before the others are done.
    private const int OperationsPerMove = 20;

    [Fact]
    public async Task Each_slots_history_is_linearizable_with_reclaim_and_migration_running()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out int given)
            ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"{SeedVariable}={seed}");
        long reclaimed = 0;
        long moved = 0;
        for (int round = 0; round < Rounds; round++)
        {
            (long roundReclaimed, long roundMoved) = await RunRoundAsync(seed + round);
            reclaimed += roundReclaimed;
            moved += roundMoved;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{reclaimed} frames reclaimed, {moved} merged or moved");
        Assert.True(reclaimed > 0, "reclaim ran");
        Assert.True(moved > 0, "migration ran");
    }

    internal static async Task<(long Reclaimed, long Moved)> RunRoundAsync(int seed)
    {
        using StoreRig rig = new(
            target: new MemoryTarget { DuringWrite = YieldAsync },
            tenantA: new TenantOptions { Shards = 1 });
        FillLow(rig, seed);
        ConcurrentQueue<Operation>[] histories =
            [.. Enumerable.Range(0, Slots).Select(_ => new ConcurrentQueue<Operation>())];
        using CancellationTokenSource stop = new();
        Passes moves = new();
        long moved = 0;
        Task reclaimer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await rig.Store.ReclaimAsync(rig.TenantA, 2, 2);
            }
        });
        Task mover = Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    CompactResult result = rig.Compact(4);
                    moved += result.Merged + result.Moved;
                    moves.Add();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        Clock clock = new();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Threads)
                .Select(thread => Task.Run(
                    () => WorkAsync(rig, histories, clock, seed, thread, () => moves.NextAsync(mover)))));
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(reclaimer, mover);
        }

        rig.AssertClean(deep: true);
        for (int slot = 0; slot < Slots; slot++)
        {
            Assert.True(
                HistoryChecker.IsLinearizable([.. histories[slot]]),
                $"{SeedVariable}={seed}: slot {slot} is not linearisable:\n{string.Join('\n', histories[slot])}");
        }

        return (rig.Figures().ReclaimedFrames, moved);
    }

    private static async Task YieldAsync() => await Task.Yield();

    // Frames below those of the test, some of them freed at once: so that there is somewhere to move to.
    private static void FillLow(StoreRig rig, int seed)
    {
        for (ulong slot = 0; slot < 16; slot++)
        {
            rig.Put(100 + slot, Zpages.Make(seed + (int)slot, 2500));
        }

        for (ulong slot = 0; slot < 16; slot += 2)
        {
            rig.Forget(100 + slot);
        }
    }

    private static async Task WorkAsync(
        StoreRig rig,
        ConcurrentQueue<Operation>[] histories,
        Clock clock,
        int seed,
        int thread,
        Func<Task> letMoveAsync)
    {
        Random random = new(HashCode.Combine(seed, thread));
        for (int i = 1; i <= OperationsPerThread; i++)
        {
            int slot = random.Next(Slots);
            int kind = random.Next(10);
            long called = clock.Tick();
            Operation done;
            if (kind < 4)
            {
                // The value is in the bytes: a Load of it is told from any other.
                int value = ((thread + 1) * 1000) + i;
                byte[] zpage = Zpages.Make(value, 200 + random.Next(3700));
                BitConverter.TryWriteBytes(zpage, value);
                StoreOutcome outcome = rig.Put((ulong)slot, zpage);
                done = new Operation(
                    outcome == StoreOutcome.Stored ? OperationKind.Store : OperationKind.Refused,
                    value,
                    called,
                    clock.Tick());
            }
            else if (kind < 8)
            {
                Loaded loaded = await rig.GetAsync((ulong)slot);
                Assert.True(loaded.Outcome is LoadOutcome.Loaded or LoadOutcome.NotFound, $"{loaded.Outcome}");
                int value = loaded.Outcome == LoadOutcome.Loaded ? BitConverter.ToInt32(loaded.Zpage) : 0;
                done = new Operation(OperationKind.Load, value, called, clock.Tick());
            }
            else
            {
                rig.Forget((ulong)slot);
                done = new Operation(OperationKind.Invalidate, 0, called, clock.Tick());
            }

            histories[slot].Enqueue(done);
            if (i % OperationsPerMove == 0)
            {
                await letMoveAsync();
            }
        }
    }

    // How often the mover has been through.
    private sealed class Passes
    {
        private long _count;

        public void Add() => Interlocked.Increment(ref _count);

        // Ends with a pass that ended after the call, or with the mover.
        public async Task NextAsync(Task mover)
        {
            long seen = Volatile.Read(ref _count);
            while (Volatile.Read(ref _count) == seen && !mover.IsCompleted)
            {
                await Task.Yield();
            }
        }
    }

    private sealed class Clock
    {
        private long _now;

        public long Tick() => Interlocked.Increment(ref _now);
    }
}
