using RemoteSwap.Nbd;
using Xunit;

namespace RemoteSwap.Device.Tests;

/// <summary>
/// A device on an area that it owns: what it knows from the record, what is lost, and when it is fenced.
/// </summary>
public sealed class OwnedAreaTests : IDisposable
{
    private const int Page = 4096;
    private const int Slots = 8;
    private readonly MemoryArea _area = new();
    private readonly CancellationTokenSource _fenced = new();

    public void Dispose() => _fenced.Dispose();

    [Fact]
    public async Task What_the_record_has_is_asked_for_and_all_else_is_zeroes_without_a_call()
    {
        SwapDevice device = Device(hasLostPages: false, stored: [2, 3]);
        _area.Pages[2] = Noise();
        byte[] read = Noise();

        Assert.True((await device.ReadAsync(4 * Page, read, default)).IsSuccess);
        Assert.Equal(new byte[Page], read);
        Assert.Equal(0, _area.Loads);
        Assert.True((await device.ReadAsync(2 * Page, read, default)).IsSuccess);
        Assert.Equal(_area.Pages[2], read);
        AssertLost("page 3 is lost", await device.ReadAsync(3 * Page, read, default));
    }

    [Fact]
    public async Task Where_pages_were_lost_an_empty_slot_is_an_error_until_it_is_written_or_trimmed()
    {
        SwapDevice device = Device(hasLostPages: true, stored: []);
        byte[] read = new byte[Page];

        AssertLost("page 1 may be lost", await device.ReadAsync(Page, read, default));
        AssertLost("page 0 may be lost", await device.ReadAsync(0, new byte[2 * Page], default));
        AssertLost("page 1 may be lost", await device.WriteAsync(Page + 512, new byte[512], default));
        _area.Losing = slot => slot == 4;
        AssertLost("page 4 is lost", await device.ReadAsync(4 * Page, read, default));
        Assert.Equal(NbdExtentKind.Data, device.ExtentAt(0, Slots * Page).Kind);

        _area.Losing = _ => false;
        byte[] data = Noise();
        Assert.True((await device.WriteAsync(Page, data, default)).IsSuccess);
        Assert.True((await device.TrimAsync(2 * Page, Page, default)).IsSuccess);
        Assert.True((await device.ReadAsync(Page, read, default)).IsSuccess);
        Assert.Equal(data, read);
        Assert.True((await device.ReadAsync(2 * Page, read, default)).IsSuccess);
        Assert.Equal(new byte[Page], read);
        Assert.Equal(1, _area.Invalidations);
    }

    [Fact]
    public async Task A_page_that_was_said_to_be_lost_does_not_become_zeroes()
    {
        SwapDevice device = new(_area, Slots * Page, isEmpty: false);
        byte[] read = new byte[Page];
        _area.Losing = _ => true;
        AssertLost("page 5 is lost: it was stored", await device.ReadAsync(5 * Page, read, default));

        _area.Losing = _ => false;

        AssertLost("page 5 is lost", await device.ReadAsync(5 * Page, read, default));
    }

    [Fact]
    public async Task Where_somebody_else_has_attached_every_request_is_an_error_and_holes_are_no_zeroes()
    {
        SwapDevice device = Device(hasLostPages: false, stored: [2]);
        _area.IsFenced = true;
        const string Words = "another device has attached";

        AssertLost(Words, await device.ReadAsync(2 * Page, new byte[Page], default));
        AssertLost(Words, await device.WriteAsync(3 * Page, Noise(), default));
        AssertLost(Words, await device.ReadAsync(3 * Page, new byte[Page], default));
        AssertLost(Words, await device.WriteAsync(2 * Page, new byte[2 * Page], default));
        AssertLost(Words, await device.TrimAsync(2 * Page, Page, default));

        await _fenced.CancelAsync();

        AssertLost(Words, await device.ReadAsync(6 * Page, new byte[Page], default));
        AssertLost(Words, await device.WriteZeroesAsync(6 * Page, Page, keepAllocated: false, default));
    }

    private SwapDevice Device(bool hasLostPages, ulong[] stored)
    {
        SwapDevice device = new(_area, Slots * Page, isEmpty: true);
        device.Begin(stored.Contains, hasLostPages, _fenced.Token);
        return device;
    }

    private static void AssertLost(string words, NbdResult result)
    {
        Assert.Equal(NbdError.InputOutput, result.Error);
        Assert.Contains(words, result.ToString(), StringComparison.Ordinal);
    }

    private static byte[] Noise()
    {
        byte[] noise = new byte[Page];
        Random.Shared.NextBytes(noise);
        return noise;
    }
}
