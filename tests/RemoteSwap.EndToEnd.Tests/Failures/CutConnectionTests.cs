using RemoteSwap.Client;
using RemoteSwap.LoadGen.Chaos.Faults;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>TCP is reset, or passes nothing for a while, and is mended.</summary>
public sealed class CutConnectionTests
{
    private const int Slots = 40;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_cut = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task AResetIsAStallAndNoPageIsLost()
    {
        await using FailingServer server = await FailingServer.StartAsync("--limit=64MiB");
        await using RemoteSwapConnection connection = server.Connect(TimeSpan.FromSeconds(10));
        await using AttachedArea area = (await connection.AttachAsync(0)).Area!;
        for (int version = 1; version <= 10; version++)
        {
            Task<StoreOutcome[]> stores = SlotPages.StoreAsync(area.Pages, Slots, version);
            server.Proxy.Reset();
            Assert.All(await stores, outcome => Assert.Equal(StoreOutcome.Stored, outcome));
            await RequireAsync(area.Pages, version);
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task WhatPassesNothingIsMendedAndNothingOlderComesBack(bool toServer, bool toClient)
    {
        await using FailingServer server = await FailingServer.StartAsync("--limit=64MiB", "--Store:Lease=1s");
        await using RemoteSwapConnection connection = server.Connect(s_deadline);
        await using AttachedArea area = await SlotPages.AttachAsync(connection);
        await SlotPages.UntilAnsweredAsync(() => SlotPages.StoreAsync(area.Pages, Slots, version: 1));
        ProxyGate[] gates =
        [
            .. toServer ? [server.Proxy.ToServer] : Array.Empty<ProxyGate>(),
            .. toClient ? [server.Proxy.ToClient] : Array.Empty<ProxyGate>(),
        ];

        Array.ForEach(gates, gate => gate.Close());
        Task cut = Task.Delay(s_cut);
        RemoteSwapException failed = await Assert.ThrowsAsync<RemoteSwapException>(
            () => SlotPages.StoreAsync(area.Pages, Slots, version: 2));
        await cut;
        Array.ForEach(gates, gate => gate.Open());

        Assert.Equal(RemoteSwapError.DeadlineExceeded, failed.Error);
        await SlotPages.UntilAnsweredAsync(() => SlotPages.StoreAsync(area.Pages, Slots, version: 3));
        await RequireAsync(area.Pages, version: 3);
        Assert.False(area.Fenced.IsCancellationRequested);
    }

    private static async Task RequireAsync(SwapArea area, int version)
    {
        (LoadOutcome[] outcomes, byte[] pages) =
            await SlotPages.UntilAnsweredAsync(() => SlotPages.LoadAsync(area, Slots));
        Assert.All(outcomes, outcome => Assert.Equal(LoadOutcome.Loaded, outcome));
        for (int slot = 0; slot < Slots; slot++)
        {
            Assert.Equal(SlotPages.Of((ulong)slot, version), SlotPages.Page(pages, slot));
        }
    }
}
