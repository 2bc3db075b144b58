namespace RemoteSwap.Vm.Tests;

/// <summary>
/// QEMU takes a read that fails for zeroes when it rounds a write of a guest up to the disk's unit. So the disk must
/// not make it round: where the rest of a page can not be had, a write of a part of it has to fail.
/// </summary>
public sealed class LostPageTests
{
    [Fact]
    public async Task A_part_of_a_lost_page_can_not_be_written_and_the_rest_does_not_become_zeroes()
    {
        Skipping.Unless(await Command.ExistsAsync("qemu-io"), "qemu-io is not here; install qemu-utils");
        using ScratchFolder folder = new();
        PageServer server = await PageServer.StartAsync(folder.Path);
        await using SwapDisk disk = await SwapDisk.StartDeviceAsync(folder.Path, server.Uri);
        Assert.Equal(0, await QemuAsync(disk, "write -P 0x11 0 8k", "write -P 0x22 512 512", "read -P 0x22 512 512"));
        await server.DisposeAsync();
        await using PageServer next = await PageServer.StartAsync(folder.Path);

        Assert.NotEqual(0, await QemuAsync(disk, "write -P 0x33 512 512"));
        Assert.NotEqual(0, await QemuAsync(disk, "read 0 4k"));
        Assert.Equal(0, await QemuAsync(disk, "write -P 0x44 0 4k", "write -P 0x55 512 512", "read -P 0x44 1k 3k"));
        Assert.NotEqual(0, await QemuAsync(disk, "read 4k 4k"));
    }

    private static async Task<int> QemuAsync(SwapDisk disk, params string[] commands)
    {
        ProcessResult result = await Command.RunAsync(Command.Of(
            "qemu-io",
            [
                "-f", "raw", .. commands.SelectMany(command => (string[])["-c", command]),
                $"nbd+unix:///?socket={disk.Socket}",
            ]));
        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(';', commands)}\n{result}");
        return result.ExitCode;
    }
}
