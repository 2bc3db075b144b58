namespace RemoteSwap.Vm.Tests;

/// <summary>A Linux guest swaps to the device: a real kernel, a real server, and every byte compared.</summary>
public sealed class GuestSwapTests
{
    private const long Thousands = 5_000;
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_cut = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_discardLimit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_guest_swaps_to_the_device_and_every_page_is_right()
    {
        GuestImage image = await GuestImage.PrepareAsync();
        using ScratchFolder folder = new();
        await using PageServer server = await PageServer.StartAsync(folder.Path);
        await using SwapDisk disk = await SwapDisk.StartDeviceAsync(folder.Path, server.Uri);
        await using GuestMachine guest = GuestMachine.Start(image, new GuestOptions { Rounds = 2 }, disk);

        await guest.ReachAsync(round: 1, eighth: 4);
        TenantPages during = await server.PagesAsync();
        GuestResult result = await guest.FinishAsync();

        AssertRight(result, guest);
        Assert.Equal(3 * result.Pages, result.Checked);
        Assert.InRange(during.Stored, Thousands, result.Pages + 1);
        await AssertNothingIsLeftAsync(server);
    }

    [Fact]
    public async Task Killing_and_restarting_the_device_during_the_run_loses_nothing()
    {
        GuestImage image = await GuestImage.PrepareAsync();
        using ScratchFolder folder = new();
        await using PageServer server = await PageServer.StartAsync(folder.Path);
        await using SwapDisk disk = await SwapDisk.StartDeviceAsync(folder.Path, server.Uri);
        await using GuestMachine guest = GuestMachine.Start(image, new GuestOptions { UsedMiB = 144, Seed = 2 }, disk);

        // While it writes in order, while it reads and writes at random, and while it only reads.
        foreach ((int round, int eighth) in new[] { (0, 5), (1, 2), (1, 6), (2, 3) })
        {
            GuestProgress before = await guest.ReachAsync(round, eighth);
            Assert.InRange(before.PagesOut, 1, long.MaxValue);
            await disk.KillAsync();
            await Task.Delay(s_outage);
            await disk.StartAsync();
        }

        GuestResult result = await guest.FinishAsync();

        AssertRight(result, guest);
        Assert.True(
            result.FaultMaxUs >= s_outage.TotalMicroseconds / 2,
            $"no fault waited for the device: the longest took {result.FaultMaxUs} us");
        await AssertNothingIsLeftAsync(server);
    }

    [Fact]
    public async Task Cutting_the_connection_between_device_and_server_during_the_run_loses_nothing()
    {
        GuestImage image = await GuestImage.PrepareAsync();
        using ScratchFolder folder = new();
        await using PageServer server = await PageServer.StartTcpAsync();
        await using CutLink link = CutLink.Open(server.Address.Port);
        await using SwapDisk disk = await SwapDisk.StartDeviceAsync(folder.Path, PageServer.UriAt(link.Authority));
        await using GuestMachine guest = GuestMachine.Start(image, new GuestOptions { UsedMiB = 144, Seed = 3 }, disk);

        // While it writes the connection breaks; while it reads and writes it falls silent first.
        GuestProgress before = await guest.ReachAsync(round: 0, eighth: 6);
        Assert.InRange(before.PagesOut, 1, long.MaxValue);
        await link.CutAsync(silent: TimeSpan.Zero, s_cut);
        await guest.ReachAsync(round: 1, eighth: 3);
        await link.CutAsync(silent: s_cut, s_cut);
        GuestResult result = await guest.FinishAsync();

        AssertRight(result, guest);

        // One that asks whether the server is there, one that serves, and a new one after each cut.
        Assert.InRange(link.Connections, 4, long.MaxValue);
        Assert.True(
            result.FaultMaxUs >= s_cut.TotalMicroseconds / 2,
            $"no fault waited for the connection: the longest took {result.FaultMaxUs} us");
        await AssertNothingIsLeftAsync(server);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{link.Connections} connections, {link.Bytes} bytes; cut for {s_cut} and {2 * s_cut}");
    }

    [Fact]
    public async Task Upgrading_the_server_during_the_run_loses_nothing()
    {
        GuestImage image = await GuestImage.PrepareAsync();
        using ScratchFolder folder = new();
        string state = Directory.CreateDirectory(Path.Combine(folder.Path, "state")).FullName;
        await using PageServer server = await PageServer.StartAsync(folder.Path, state);
        await using SwapDisk disk = await SwapDisk.StartDeviceAsync(folder.Path, server.Uri);
        await using GuestMachine guest = GuestMachine.Start(image, new GuestOptions { UsedMiB = 144, Seed = 4 }, disk);

        // While it writes in order, and while it reads and writes at random.
        foreach ((int round, int eighth) in new[] { (0, 6), (1, 4) })
        {
            GuestProgress before = await guest.ReachAsync(round, eighth);
            Assert.InRange(before.PagesOut, 1, long.MaxValue);
            TenantPages pages = await server.PagesAsync();
            Assert.InRange(pages.Stored, Thousands, long.MaxValue);
            string said = await server.UpgradeAsync();
            Assert.Contains("brought back", said, StringComparison.Ordinal);
            Assert.DoesNotContain("LOST", said, StringComparison.Ordinal);
            TestContext.Current.TestOutputHelper?.WriteLine(said);
        }

        GuestResult result = await guest.FinishAsync();

        AssertRight(result, guest);
        await AssertNothingIsLeftAsync(server);
    }

    private static void AssertRight(GuestResult result, GuestMachine guest)
    {
        Assert.Empty(guest.Mismatches);
        Assert.Equal(0, result.Mismatches);
        Assert.InRange(result.PagesOut, Thousands, long.MaxValue);
        Assert.InRange(result.PagesIn, Thousands, long.MaxValue);
        Assert.InRange(result.MajorFaults, Thousands, long.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"{result}");
    }

    /// <summary>The guest has swapped off and discarded the disk; the server gives the memory to others.</summary>
    private static async Task AssertNothingIsLeftAsync(PageServer server)
    {
        using CancellationTokenSource bound = new(s_discardLimit);
        TenantPages left = await server.PagesAsync();
        while (left.Stored > 0 && !bound.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            left = await server.PagesAsync();
        }

        Assert.Equal(0, left.Stored);
        Assert.Equal(0, left.Corrupt);
        Assert.InRange(left.Stores, Thousands, long.MaxValue);
    }
}
