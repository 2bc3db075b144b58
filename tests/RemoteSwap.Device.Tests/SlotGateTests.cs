using Xunit;

namespace RemoteSwap.Device.Tests;

/// <summary>Nobody is let in who is in the way of another, and everybody is let in at last.</summary>
public sealed class SlotGateTests
{
    private const int Slots = 12;
    private const int Threads = 4;
    private const int Rounds = 20_000;
    private const string SeedVariable = "TESTS_SEED";

    [Fact]
    public async Task Under_load_a_slot_has_one_writer_or_some_readers_and_nobody_is_forgotten()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out int given)
            ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"{SeedVariable}={seed}");
        SlotGate gate = new();
        int[] readers = new int[Slots];
        int[] writers = new int[Slots];

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() => RunAsync(seed + thread))))
            .WaitAsync(TimeSpan.FromMinutes(1));

        async Task RunAsync(int threadSeed)
        {
            Random random = new(threadSeed);
            for (int i = 0; i < Rounds; i++)
            {
                int first = random.Next(Slots);
                int count = random.Next(20) == 0 ? Slots - first : random.Next(1, Math.Min(4, Slots - first) + 1);
                bool isAlone = random.Next(3) == 0;
                SlotPass pass = await (isAlone
                    ? gate.EnterAloneAsync(first, count)
                    : gate.EnterTogetherAsync(first, count));
                int[] mine = isAlone ? writers : readers;
                for (int slot = first; slot < first + count; slot++)
                {
                    int others = Interlocked.Increment(ref mine[slot]) - 1;
                    Assert.True(Volatile.Read(ref writers[slot]) == (isAlone ? 1 : 0), $"a writer besides, {seed}");
                    Assert.True(!isAlone || (others == 0 && Volatile.Read(ref readers[slot]) == 0), $"{seed}");
                }

                if (random.Next(4) == 0)
                {
                    await Task.Yield();
                }

                for (int slot = first; slot < first + count; slot++)
                {
                    Interlocked.Decrement(ref mine[slot]);
                }

                gate.Leave(pass);
            }
        }
    }

    [Fact]
    public async Task Who_waits_is_not_overtaken_by_who_would_be_in_its_way()
    {
        SlotGate gate = new();
        SlotPass reader = await gate.EnterTogetherAsync(0, 4);
        ValueTask<SlotPass> writer = gate.EnterAloneAsync(2, 4);
        ValueTask<SlotPass> late = gate.EnterTogetherAsync(3, 1);
        ValueTask<SlotPass> besides = gate.EnterTogetherAsync(0, 2);

        Assert.True(besides.IsCompleted);
        Assert.False(writer.IsCompleted || late.IsCompleted);
        gate.Leave(await besides);
        gate.Leave(reader);
        SlotPass writing = await writer;
        Assert.False(late.IsCompleted);
        gate.Leave(writing);
        gate.Leave(await late);
    }
}
