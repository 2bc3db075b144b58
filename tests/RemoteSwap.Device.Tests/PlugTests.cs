using RemoteSwap.Client;
using RemoteSwap.Nbd;
using Xunit;

namespace RemoteSwap.Device.Tests;

/// <summary>Requests that are begun under a plug come to what they come to without one.</summary>
public sealed class PlugTests
{
    private const int Page = 4096;
    private const int Slots = 8;
    private const string SeedVariable = "TESTS_SEED";

    private readonly MemoryArea _area = new();

    [Fact]
    public void A_plug_reaches_the_area_and_so_does_its_end()
    {
        SwapDevice device = new(_area, Slots * Page, isEmpty: true);

        device.Plug();
        Assert.Equal(1, _area.Plugs);
        device.Unplug();

        Assert.Equal(0, _area.Plugs);
    }

    // Few slots, so that most requests find another one in their way, and go on only after the plug has ended.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Requests_under_plugs_read_as_a_plain_array_does(bool isEmpty)
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out int given)
            ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"{SeedVariable}={seed}");
        Random random = new(seed);
        HoldUntilUnplugged();
        SwapDevice device = new(_area, Slots * Page, isEmpty);
        byte[] model = new byte[Slots * Page];
        for (int round = 0; round < 500; round++)
        {
            List<(Task<NbdResult> Request, byte[] Read, byte[] Expected)> begun =
                Plugged(device, () => Begin(device, random, model));
            foreach ((Task<NbdResult> request, byte[] read, byte[] expected) in begun)
            {
                NbdResult result = await request.WaitAsync(TimeSpan.FromSeconds(20));
                Assert.True(result.IsSuccess, result.ToString());
                Assert.True(read.AsSpan().SequenceEqual(expected), $"{SeedVariable}={seed}, round {round}");
            }
        }
    }

    [Fact]
    public async Task A_page_that_is_refused_or_lost_under_a_plug_is_told_and_remembered()
    {
        HoldUntilUnplugged();
        SwapDevice device = new(_area, Slots * Page, isEmpty: true);
        _area.Refusing = slot => slot == 2 ? StoreOutcome.TenantLimit : StoreOutcome.Stored;

        NbdResult[] writes = await Task.WhenAll(Plugged(device, () => Enumerable.Range(0, 4).Select(slot =>
            device.WriteAsync(slot * Page, new byte[Page], default).AsTask()).ToArray()));
        _area.Losing = slot => slot == 3;
        NbdResult[] reads = await Task.WhenAll(Plugged(device, () => Enumerable.Range(0, 5).Select(slot =>
            device.ReadAsync(slot * Page, new byte[Page], default).AsTask()).ToArray()));

        const NbdError None = NbdError.None;
        Assert.Equal([None, None, NbdError.NoSpace, None], writes.Select(result => result.Error));
        Assert.Equal(
            [None, None, NbdError.InputOutput, NbdError.InputOutput, None], reads.Select(result => result.Error));
    }

    [Fact]
    public async Task A_flush_under_a_plug_waits_for_the_writes_that_are_held_back()
    {
        HoldUntilUnplugged();
        SwapDevice device = new(_area, Slots * Page, isEmpty: true);

        (Task<NbdResult> write, Task<NbdResult> flush) = Plugged(device, () =>
        {
            Task<NbdResult> write = device.WriteAsync(0, new byte[Page], default).AsTask();
            Task<NbdResult> flush = device.FlushAsync(default).AsTask();
            Assert.False(write.IsCompleted || flush.IsCompleted);
            return (write, flush);
        });

        Assert.True((await flush.WaitAsync(TimeSpan.FromSeconds(20))).IsSuccess);
        Assert.True((await write).IsSuccess);
    }

    // As the real area does: what is asked for under a plug is sent at its end.
    private void HoldUntilUnplugged()
    {
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _area.Before = () => _area.Plugs > 0 ? Volatile.Read(ref held).Task : Task.CompletedTask;
        _area.Unplugged = () => Interlocked.Exchange(
            ref held, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private static T Plugged<T>(SwapDevice device, Func<T> begin)
    {
        device.Plug();
        try
        {
            return begin();
        }
        finally
        {
            device.Unplug();
        }
    }

    // The model changes in the order in which requests are begun, as the gate has it.
    private static List<(Task<NbdResult> Request, byte[] Read, byte[] Expected)> Begin(
        SwapDevice device, Random random, byte[] model)
    {
        List<(Task<NbdResult>, byte[], byte[])> begun = [];
        for (int i = random.Next(1, 17); i > 0; i--)
        {
            bool isWhole = random.Next(2) == 0;
            int unit = isWhole ? Page : 1;
            int length = unit * random.Next(1, isWhole ? 3 : 2 * Page);
            int offset = unit * random.Next(((model.Length - length) / unit) + 1);
            switch (random.Next(6))
            {
                case 0 or 1:
                    byte[] data = new byte[length];
                    random.NextBytes(data);
                    begun.Add((device.WriteAsync(offset, data, default).AsTask(), [], []));
                    data.CopyTo(model, offset);
                    break;
                case 2:
                    Task<NbdResult> zeroes =
                        device.WriteZeroesAsync(offset, length, keepAllocated: false, default).AsTask();
                    begun.Add((zeroes, [], []));
                    model.AsSpan(offset, length).Clear();
                    break;
                case 3:
                    begun.Add((device.TrimAsync(offset, length, default).AsTask(), [], []));
                    int first = (offset + Page - 1) / Page * Page;
                    int end = (offset + length) / Page * Page;
                    model.AsSpan(first, Math.Max(0, end - first)).Clear();
                    break;
                default:
                    byte[] read = new byte[length];
                    Task<NbdResult> request = device.ReadAsync(offset, read, default).AsTask();
                    begun.Add((request, read, model.AsSpan(offset, length).ToArray()));
                    break;
            }
        }

        return begun;
    }
}
