using System.Diagnostics;
using RemoteSwap.Client.Evictions;
using RemoteSwap.Client.Records;
using RemoteSwap.Codec;
using Xunit;

namespace RemoteSwap.Client.Tests.Evictions;

/// <summary>An eviction file whose disk is full: the page is refused, and those that are in the file stay.</summary>
public sealed class FullDiskTests
{
    // A group of pages with their headers, whose it is, and one page more: of the next group, whose headers need
    // another block.
    private const int GroupPages = 64;
    private const int Blocks = 1 + 1 + GroupPages + 1;

    [Fact]
    public async Task A_page_whose_header_has_no_room_takes_no_other_with_it()
    {
        string folder = Directory.CreateTempSubdirectory("remoteswap-small-").FullName;
        Assert.SkipUnless(
            await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Blocks * 4}k", "none", folder),
            "needs root, for a small tmpfs");
        try
        {
            EvictionTarget target = new(Path.Combine(folder, "evictions"), 1 << 20);
            using (EvictionFile file = EvictionFile.Open(target, "tenant", area: 0))
            {
                PageRecord record = new();
                LocalPages local = new(file, 0, record);
                record.Local = local;
                local.BeginRecovery();
                for (ulong slot = 0; slot < GroupPages; slot++)
                {
                    Assert.Equal(TakeOutcome.Taken, await TakeAsync(local, slot));
                }

                Assert.Equal(TakeOutcome.Refused, await TakeAsync(local, GroupPages));
            }

            using EvictionFile again = EvictionFile.Open(target, "tenant", area: 0);
            Assert.Equal(GroupPages, again.Scan().Count);
        }
        finally
        {
            await RunAsync("umount", folder);
            Directory.Delete(folder);
        }
    }

    [Fact]
    public void What_keeps_nothing_is_no_place_for_pages() => Assert.Throws<IOException>(
        () => EvictionFile.Open(new EvictionTarget("/dev/null", 1 << 20), "tenant", area: 0));

    private static ValueTask<TakeOutcome> TakeAsync(LocalPages local, ulong slot)
    {
        byte[] page = new byte[PageSize.Bytes];
        new Random((int)slot).NextBytes(page);
        return local.TakeAsync(
            new ImageHeader(0, slot, 1, ZpageEncoding.Raw, page.Length, PageChecksum.OfZpage(page), PageChecksum: 1),
            page,
            CancellationToken.None);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
