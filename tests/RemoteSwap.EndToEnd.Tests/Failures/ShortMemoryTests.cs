using RemoteSwap.Client;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>A server with a larger limit than the control group that it runs in.</summary>
public sealed class ShortMemoryTests
{
    private const long GroupBytes = 320L << 20;
    private const long LimitBytes = 1L << 30;
    private const int Batch = 256;

    // Pages that do not compress: twice what the group has.
    private const int Pages = (int)(2 * GroupBytes / 4096);

    [Fact]
    public async Task ItLowersItsLimitAndSpillsInsteadOfBeingKilled()
    {
        await using MemoryGroup? group = MemoryGroup.TryCreate(GroupBytes);
        if (group is null)
        {
            // No group can be made here. Then the server says at its start what there is to watch on this machine.
            await using ServerProcess other = await ServerProcess.StartAsync("--Store:FloorPercent=5");
            Assert.Matches("short memory +(then the limit falls to 51|not watched for)", other.Errors);
            return;
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("remoteswap-test-");
        try
        {
            await using ServerProcess server = await ServerProcess.StartInAsync(
                group.ProcessesFile,
                $"--limit={LimitBytes}",
                "--Store:FloorPercent=5",
                $"--spill={Path.Combine(folder.FullName, "spill")}",
                "--spill-limit=2GiB");
            Assert.Contains(group.Name, server.Errors, StringComparison.Ordinal);
            using Grpc.Net.Client.GrpcChannel channel = server.OpenChannel();
            V1.AdminService.AdminServiceClient admin = new(channel);
            V1.ServerStatistics first = (await admin.ListTenantsAsync(new V1.ListTenantsRequest())).Server;
            Assert.InRange((long)first.LimitBytes, LimitBytes / 20, GroupBytes * 9 / 10);
            Assert.Equal((ulong)LimitBytes, first.ConfiguredLimitBytes);
            Assert.Contains(group.Name, first.LimitReason, StringComparison.Ordinal);

            await using RemoteSwapConnection connection = RemoteSwapConnection.Open(
                new RemoteSwapClientOptions { Address = server.Address });
            SwapArea area = connection.Area(0);
            StoreOutcome[] outcomes = await StoreAsync(area);

            // It lives, holds more than the group has room for, and every page that it took is right.
            V1.ServerStatistics last = (await admin.ListTenantsAsync(new V1.ListTenantsRequest())).Server;
            int stored = outcomes.Count(outcome => outcome == StoreOutcome.Stored);
            Assert.True(last.SpillUsedBytes > 0, "nothing was spilled");
            Assert.True(stored > Pages / 4, $"{stored} of {Pages} pages were stored");
            Assert.True((long)last.UsedBytes < GroupBytes);
            await AssertHoldsAsync(area, outcomes);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<StoreOutcome[]> StoreAsync(SwapArea area)
    {
        List<StoreOutcome> outcomes = [];
        for (int first = 0; first < Pages; first += Batch)
        {
            byte[] pages = [.. Slots(first).SelectMany(slot => SlotPages.Of(slot, version: 1))];
            outcomes.AddRange(await area.StoreAsync(Slots(first), pages));
        }

        return [.. outcomes];
    }

    private static async Task AssertHoldsAsync(SwapArea area, StoreOutcome[] outcomes)
    {
        // One batch of eight: what is looked at is spread over all.
        byte[] pages = new byte[Batch * 4096];
        for (int first = 0; first < Pages; first += 8 * Batch)
        {
            LoadOutcome[] loads = await area.LoadAsync(Slots(first), pages);
            for (int i = 0; i < Batch; i++)
            {
                bool isStored = outcomes[first + i] == StoreOutcome.Stored;
                Assert.Equal(isStored ? LoadOutcome.Loaded : LoadOutcome.NotFound, loads[i]);
                if (isStored)
                {
                    Assert.Equal(SlotPages.Of((ulong)(first + i), version: 1), SlotPages.Page(pages, i));
                }
            }
        }
    }

    private static ulong[] Slots(int first) => [.. Enumerable.Range(first, Batch).Select(slot => (ulong)slot)];
}
