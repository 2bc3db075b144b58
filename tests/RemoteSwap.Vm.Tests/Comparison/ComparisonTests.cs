using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RemoteSwap.Vm.Tests.Comparison;

/// <summary>The same guest on nbdkit's memory disk and on the device, in turn. Run by guest/compare.sh only.</summary>
public sealed class ComparisonTests
{
    private static readonly JsonSerializerOptions s_json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    [ComparisonFact]
    public async Task Major_faults_on_nbdkit_and_on_the_device()
    {
        GuestImage image = await GuestImage.PrepareAsync();
        int runs = int.Parse(
            Environment.GetEnvironmentVariable(ComparisonDiscoverer.RunsVariable)!, CultureInfo.InvariantCulture);
        List<GuestResult> plain = [];
        List<GuestResult> ours = [];
        for (int run = 0; run < runs; run++)
        {
            GuestOptions options = new() { Seed = run + 1 };
            if (run % 2 == 0)
            {
                plain.Add(await OnNbdkitAsync(image, options));
            }

            ours.Add(await OnDeviceAsync(image, options));
            if (run % 2 == 1)
            {
                plain.Add(await OnNbdkitAsync(image, options));
            }
        }

        Assert.All(plain.Concat(ours), result => Assert.Equal(0, result.Mismatches));
        Report([Times("nbdkit memory, sparse", plain), Times("RemoteSwap", ours)]);
    }

    private static async Task<GuestResult> OnNbdkitAsync(GuestImage image, GuestOptions options)
    {
        using ScratchFolder folder = new();
        await using SwapDisk disk = await SwapDisk.StartNbdkitAsync(folder.Path);
        await using GuestMachine guest = GuestMachine.Start(image, options, disk);
        return await guest.FinishAsync();
    }

    private static async Task<GuestResult> OnDeviceAsync(GuestImage image, GuestOptions options)
    {
        using ScratchFolder folder = new();
        await using PageServer server = await PageServer.StartAsync(folder.Path);
        await using SwapDisk disk = await SwapDisk.StartDeviceAsync(folder.Path, server.Uri);
        await using GuestMachine guest = GuestMachine.Start(image, options, disk);
        return await guest.FinishAsync();
    }

    private static FaultTimes Times(string disk, IEnumerable<GuestResult> results) => new(
        disk, [.. results.Select(result => result.FaultP50Us)], [.. results.Select(result => result.FaultP99Us)]);

    private static void Report(IReadOnlyList<FaultTimes> disks)
    {
        FaultTimes yardstick = disks[0];
        StringBuilder table = new();
        table.AppendLine(
            $"{"major fault in the guest",-24} {"p50 us",9} {"p99 us",9} {"p50 ratio",10} {"p99 ratio",10}");
        foreach (FaultTimes disk in disks)
        {
            table.AppendLine(
                $"{disk.Disk,-24} {disk.MedianP50Us,9:F0} {disk.MedianP99Us,9:F0} "
                + $"{FaultTimes.Ratio(disk.P50Us, yardstick.P50Us),10:F2} "
                + $"{FaultTimes.Ratio(disk.P99Us, yardstick.P99Us),10:F2}");
        }

        table.AppendLine($"medians of {yardstick.P50Us.Count} runs in turn; ratios: of runs that followed each other");
        string folder = Directory.CreateDirectory(Path.Combine(BuiltFiles.Artifacts, "guest")).FullName;
        File.WriteAllText(Path.Combine(folder, "compare.txt"), table.ToString());
        File.WriteAllText(Path.Combine(folder, "compare.json"), JsonSerializer.Serialize(disks, s_json) + "\n");
    }
}
