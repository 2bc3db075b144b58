using RemoteSwap.Client;
using RemoteSwap.Nbd;
using Xunit;

namespace RemoteSwap.Device.Tests;

/// <summary>
/// What a guest reads is what it wrote, zeroes where it never wrote, or an error; and the calls that each costs.
/// </summary>
public sealed class SwapDeviceTests
{
    private const int Page = 4096;
    private const int Slots = 64;
    private const string SeedVariable = "TESTS_SEED";

    private readonly MemoryArea _area = new();
    private readonly SwapDevice _device;

    public SwapDeviceTests() => _device = new SwapDevice(_area, Slots * Page, isEmpty: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Any_sequence_of_requests_reads_as_a_plain_array_does(bool isEmpty)
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out int given)
            ? given
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"{SeedVariable}={seed}");
        Random random = new(seed);
        SwapDevice device = new(_area, Slots * Page, isEmpty);
        byte[] model = new byte[Slots * Page];
        for (int i = 0; i < 3000; i++)
        {
            bool isWhole = random.Next(2) == 0;
            int unit = isWhole ? Page : 1;
            int length = unit * random.Next(1, isWhole ? 9 : 3 * Page);
            int offset = unit * random.Next(((model.Length - length) / unit) + 1);
            switch (random.Next(8))
            {
                case 0 or 1 or 2:
                    byte[] data = new byte[length];
                    random.NextBytes(data.AsSpan(0, random.Next(length + 1)));
                    AssertDone(await device.WriteAsync(offset, data, default));
                    data.CopyTo(model, offset);
                    break;
                case 3:
                    AssertDone(await device.WriteZeroesAsync(offset, length, random.Next(2) == 0, default));
                    model.AsSpan(offset, length).Clear();
                    break;
                case 4:
                    // Zeroes for whole pages is what this device makes of a trim; parts stay.
                    AssertDone(await device.TrimAsync(offset, length, default));
                    int first = (offset + Page - 1) / Page * Page;
                    int end = (offset + length) / Page * Page;
                    model.AsSpan(first, Math.Max(0, end - first)).Clear();
                    break;
                default:
                    byte[] read = new byte[length];
                    random.NextBytes(read);
                    AssertDone(await device.ReadAsync(offset, read, default));
                    Assert.True(
                        read.AsSpan().SequenceEqual(model.AsSpan(offset, length)), $"{SeedVariable}={seed}, step {i}");
                    break;
            }
        }
    }

    [Fact]
    public async Task What_was_never_written_is_zeroes_and_never_asked_for()
    {
        byte[] read = Noise(Slots * Page);

        AssertDone(await _device.ReadAsync(0, read, default));

        Assert.All(read, value => Assert.Equal(0, value));
        Assert.Equal((0, 0, 0), (_area.Loads, _area.Stores, _area.Invalidations));
        Assert.Equal((NbdExtentKind.Hole | NbdExtentKind.Zero, Slots * Page), _device.ExtentAt(0, Slots * Page));
    }

    [Fact]
    public async Task A_request_of_many_pages_is_one_batch_also_with_holes_between_them()
    {
        AssertDone(await _device.WriteAsync(8 * Page, Noise(32 * Page), default));
        Assert.Equal(1, _area.Stores);
        AssertDone(await _device.TrimAsync(16 * Page, 3 * Page, default));

        AssertDone(await _device.ReadAsync(0, new byte[Slots * Page], default));

        Assert.Equal(1, _area.Loads);
    }

    [Fact]
    public async Task A_trim_of_the_whole_device_is_one_call_and_of_holes_none()
    {
        AssertDone(await _device.TrimAsync(0, Slots * Page, default));
        Assert.Equal(0, _area.Invalidations);
        AssertDone(await _device.WriteAsync(5 * Page, Noise(Page), default));

        AssertDone(await _device.TrimAsync(0, Slots * Page, default));

        Assert.Equal(1, _area.Invalidations);
        Assert.Empty(_area.Pages);
        AssertDone(await _device.WriteZeroesAsync(0, Slots * Page, keepAllocated: false, default));
        Assert.Equal(1, _area.Invalidations);
    }

    [Fact]
    public async Task A_page_that_the_server_has_lost_is_an_error_and_no_other_is()
    {
        byte[] data = Noise(3 * Page);
        AssertDone(await _device.WriteAsync(0, data, default));
        _area.Pages.Clear();
        AssertDone(await _device.WriteAsync(Page, data.AsMemory(Page, Page), default));

        NbdResult first = await _device.ReadAsync(0, new byte[Page], default);
        byte[] second = new byte[Page];
        AssertDone(await _device.ReadAsync(Page, second, default));

        Assert.Equal(NbdError.InputOutput, first.Error);
        Assert.Contains("page 0 is lost", first.Message, StringComparison.Ordinal);
        Assert.Equal(data[Page..(2 * Page)], second);
        Assert.Equal(NbdError.InputOutput, (await _device.ReadAsync(0, new byte[3 * Page], default)).Error);

        // A trimmed page is wanted by nobody, so it can not be lost either.
        AssertDone(await _device.TrimAsync(0, Page, default));
        AssertDone(await _device.ReadAsync(0, new byte[Page], default));
    }

    [Theory]
    [InlineData(StoreOutcome.TenantLimit, NbdError.NoSpace)]
    [InlineData(StoreOutcome.PoolLimit, NbdError.NoSpace)]
    [InlineData(StoreOutcome.Draining, NbdError.NoSpace)]
    [InlineData(StoreOutcome.Invariant, NbdError.InputOutput)]
    public async Task A_refused_page_is_told_and_reads_as_an_error_until_it_is_written(
        StoreOutcome refusal, NbdError error)
    {
        AssertDone(await _device.WriteAsync(0, Noise(4 * Page), default));
        _area.Refusing = slot => slot == 2 ? refusal : StoreOutcome.Stored;

        Assert.Equal(error, (await _device.WriteAsync(0, Noise(4 * Page), default)).Error);

        Assert.Equal(NbdError.InputOutput, (await _device.ReadAsync(2 * Page, new byte[Page], default)).Error);
        AssertDone(await _device.ReadAsync(Page, new byte[Page], default));
        Assert.Equal(NbdError.InputOutput, (await _device.WriteAsync((2 * Page) + 1, Noise(1), default)).Error);
        _area.Refusing = _ => StoreOutcome.Stored;
        AssertDone(await _device.WriteAsync(2 * Page, Noise(Page), default));
        AssertDone(await _device.ReadAsync(2 * Page, new byte[Page], default));
    }

    [Theory]
    [InlineData(RemoteSwapError.Unavailable, NbdError.InputOutput)]
    [InlineData(RemoteSwapError.PermissionDenied, NbdError.NotPermitted)]
    public async Task A_call_that_fails_is_told_and_what_it_did_anyway_is_not_forgotten(
        RemoteSwapError failure, NbdError error)
    {
        byte[] data = Noise(Page);
        _area.After = () => throw new RemoteSwapException(failure, "no");
        Assert.Equal(error, (await _device.WriteAsync(0, data, default)).Error);
        _area.After = () => { };

        // The server has it after all: zeroes would be wrong.
        byte[] read = new byte[Page];
        AssertDone(await _device.ReadAsync(0, read, default));
        Assert.Equal(data, read);
    }

    [Fact]
    public async Task A_device_that_starts_again_finds_the_pages_and_takes_empty_slots_for_zeroes()
    {
        byte[] data = Noise(Page);
        AssertDone(await _device.WriteAsync(7 * Page, data, default));
        SwapDevice again = new(_area, Slots * Page, isEmpty: false);
        byte[] read = new byte[2 * Page];

        AssertDone(await again.ReadAsync(7 * Page, read, default));

        Assert.Equal(data, read[..Page]);
        Assert.All(read[Page..], value => Assert.Equal(0, value));

        // It is asked for again: a write of before may still be on its way, and then a trim must not pass it by.
        int loads = _area.Loads;
        AssertDone(await again.ReadAsync(8 * Page, read.AsMemory(0, Page), default));
        Assert.Equal(loads + 1, _area.Loads);
    }

    [Fact]
    public async Task A_page_that_a_restarted_device_has_read_can_be_lost_too()
    {
        AssertDone(await _device.WriteAsync(7 * Page, Noise(2 * Page), default));
        SwapDevice again = new(_area, Slots * Page, isEmpty: false);
        AssertDone(await again.ReadAsync(7 * Page, new byte[Page], default));
        _area.After = () => throw new RemoteSwapException(RemoteSwapError.DeadlineExceeded, "no");
        Assert.Equal(NbdError.InputOutput, (await again.WriteAsync(8 * Page, Noise(Page), default)).Error);
        _area.After = () => { };
        _area.Pages.Clear();

        Assert.Equal(NbdError.InputOutput, (await again.ReadAsync(7 * Page, new byte[Page], default)).Error);
        Assert.Equal(NbdError.InputOutput, (await again.ReadAsync(8 * Page, new byte[Page], default)).Error);
    }

    [Fact]
    public async Task A_flush_waits_for_the_writes_before_it_and_holds_up_none_behind_it()
    {
        TaskCompletionSource hold = new();
        _area.Before = () => hold.Task;
        Task<NbdResult> write = _device.WriteAsync(0, Noise(Page), default).AsTask();

        Task<NbdResult> flush = _device.FlushAsync(default).AsTask();

        _area.Before = () => Task.CompletedTask;
        AssertDone(await _device.WriteAsync(Page, Noise(Page), default));
        AssertDone(await _device.ReadAsync(Page, new byte[Page], default));
        Assert.False(flush.IsCompleted);
        hold.SetResult();
        AssertDone(await write);
        AssertDone(await flush);
        AssertDone(await _device.FlushAsync(default));
    }

    [Fact]
    public async Task Requests_for_one_slot_take_effect_in_their_order_and_others_pass_them()
    {
        TaskCompletionSource hold = new();
        byte[] last = Noise(Page);
        _area.Before = () => hold.Task;
        Task<NbdResult> write = _device.WriteAsync(0, Noise(Page), default).AsTask();
        Task<NbdResult> trim = _device.TrimAsync(0, 2 * Page, default).AsTask();
        Task<NbdResult> again = _device.WriteAsync(0, last, default).AsTask();
        byte[] read = new byte[Page];
        Task<NbdResult> load = _device.ReadAsync(0, read, default).AsTask();
        _area.Before = () => Task.CompletedTask;

        AssertDone(await _device.WriteAsync(5 * Page, Noise(Page), default));
        Assert.False(write.IsCompleted || trim.IsCompleted || again.IsCompleted || load.IsCompleted);
        hold.SetResult();

        AssertDone(await write);
        AssertDone(await trim);
        AssertDone(await again);
        AssertDone(await load);
        Assert.Equal(last, read);
        Assert.Equal(last, _area.Pages[0]);
    }

    // Encoding a large write takes milliseconds, and whoever brings it serves other sockets too.
    [Fact]
    public async Task A_large_write_does_not_keep_the_thread_that_brings_it()
    {
        using ManualResetEventSlim encoding = new();
        _area.Before = () =>
        {
            encoding.Wait(TimeSpan.FromSeconds(10));
            return Task.CompletedTask;
        };

        ValueTask<NbdResult> write = _device.WriteAsync(0, Noise(32 * Page), default);
        bool isDone = write.IsCompleted;
        encoding.Set();

        Assert.False(isDone);
        AssertDone(await write);
        Assert.Equal(1, _area.Stores);
    }

    [Fact]
    public async Task Extents_follow_what_is_written_and_trimmed()
    {
        AssertDone(await _device.WriteAsync(2 * Page, Noise(3 * Page), default));
        AssertDone(await _device.TrimAsync(3 * Page, Page, default));

        List<(NbdExtentKind, long)> extents = [];
        for (long offset = 100; offset < Slots * Page;)
        {
            (NbdExtentKind kind, long length) = _device.ExtentAt(offset, (Slots * Page) - offset);
            extents.Add((kind, length));
            offset += length;
        }

        const NbdExtentKind Hole = NbdExtentKind.Hole | NbdExtentKind.Zero;
        Assert.Equal(
            [
                (Hole, (2 * Page) - 100), (NbdExtentKind.Data, Page), (Hole, Page), (NbdExtentKind.Data, Page),
                (Hole, (Slots - 5) * Page),
            ],
            extents);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-4096)]
    [InlineData(4097)]
    public void A_size_that_is_no_disk_is_refused(long bytes) =>
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new SwapDevice(_area, bytes, isEmpty: true));

    private static void AssertDone(NbdResult result) => Assert.True(result.IsSuccess, result.ToString());

    private static byte[] Noise(int bytes)
    {
        byte[] noise = new byte[bytes];
        Random.Shared.NextBytes(noise);
        return noise;
    }
}
