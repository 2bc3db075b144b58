namespace RemoteSwap.Vm.Tests;

/// <summary>The harness finds what it is there to find; a plain NBD disk in memory stands in for the device.</summary>
public sealed class HarnessTests
{
    private const long Thousands = 2_000;

    [Fact]
    public async Task One_byte_that_is_not_as_expected_is_found()
    {
        GuestImage image = await GuestImage.PrepareAsync();
        using ScratchFolder folder = new();
        await using SwapDisk disk = await SwapDisk.StartNbdkitAsync(folder.Path);
        GuestOptions options = new() { UsedMiB = 32, IsCanary = true };
        await using GuestMachine guest = GuestMachine.Start(image, options, disk);

        GuestResult result = await guest.FinishAsync();

        Assert.Equal(1, result.Mismatches);
        string mismatch = Assert.Single(guest.Mismatches);
        Assert.Contains($"page {options.UsedMiB * 128} ", mismatch);
        Assert.Contains("byte 4095 ", mismatch);
        Assert.Equal(2 * result.Pages, result.Checked);
    }

    [Fact]
    public async Task A_disk_that_forgets_its_pages_is_found_out()
    {
        GuestImage image = await GuestImage.PrepareAsync();
        using ScratchFolder folder = new();
        await using SwapDisk disk = await SwapDisk.StartNbdkitAsync(folder.Path);
        await using GuestMachine guest = GuestMachine.Start(image, new GuestOptions { UsedMiB = 144 }, disk);

        GuestProgress before = await guest.ReachAsync(round: 0, eighth: 8);
        await disk.KillAsync();
        await disk.StartAsync();
        GuestResult result = await guest.EndAsync();

        Assert.InRange(before.PagesOut, Thousands, long.MaxValue);
        Assert.InRange(result.Mismatches, Thousands, result.Checked);
        Assert.NotEmpty(guest.Mismatches);
    }
}
