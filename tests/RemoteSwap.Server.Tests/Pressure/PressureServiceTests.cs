using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Server.Pressure;
using RemoteSwap.Server.Tests.Telemetry;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Pressure;

/// <summary>A server whose system is short of memory: what becomes of its pages, and where it says so.</summary>
public sealed class PressureServiceTests
{
    private const long MebiByte = 1 << 20;
    private const int Pages = 4000;

    [Fact]
    public async Task PagesAreSpilledDownToTheLoweredLimitAndComeBackRight()
    {
        using SystemFolder system = SystemFolder.WithGroup($"{32 * MebiByte}", 4 * MebiByte);
        using SpillFolder spill = new();
        await using TestServer server = await TestServer.StartAsync([.. spill.Settings("64MiB"), "--limit=16MiB"]);
        (ulong[] slots, byte[][] pages) = await FillAsync(server);
        ServerStatistics full = await StatisticsAsync(server);
        LogList<PressureService> log = new();
        using PressureService pressure = NewService(server, system, log);

        pressure.Tick();
        Assert.Equal((16 * MebiByte, ""), Limit(await StatisticsAsync(server)));
        system.SetGroup($"{32 * MebiByte}", 30 * MebiByte);
        pressure.Tick();

        ServerStatistics lowered = await StatisticsAsync(server);
        long expected = (long)full.UsedBytes - (30 * MebiByte) + (32 * MebiByte / 100 * PressurePolicy.TargetPercent);
        Assert.Equal(expected / 4096 * 4096, (long)lowered.LimitBytes);
        Assert.Equal((ulong)(16 * MebiByte), lowered.ConfiguredLimitBytes);
        Assert.Contains("has a limit of 32 MiB, of which 30 MiB are in use", lowered.LimitReason);
        string line = Assert.Single(log.Texts);
        Assert.Contains(lowered.LimitReason, line);
        Assert.Contains("the rest is being reclaimed", line);
        while ((await StatisticsAsync(server)).UsedBytes > lowered.LimitBytes)
        {
            await Task.Yield();
        }

        Assert.True((await server.StatisticsAsync()).SpilledPages > 0);
        (_, string health) = await server.GetAsync("/health/ready");
        Assert.Contains("\"Healthy\"", health);
        Assert.Contains("30 MiB are in use", health);
        await AssertHoldsAsync(server, slots, pages);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task WithoutASpillFilePagesStayAndNewOnesAreRefused()
    {
        using SystemFolder system = SystemFolder.WithGroup($"{32 * MebiByte}", 31 * MebiByte);
        await using TestServer server = await TestServer.StartAsync("--limit=16MiB");
        (ulong[] slots, byte[][] pages) = await FillAsync(server);
        LogList<PressureService> log = new();
        using PressureService pressure = NewService(server, system, log);

        pressure.Tick();

        Assert.Contains("pages stay, for want of a place to write them to", Assert.Single(log.Texts));
        StoreResponse reply = await server.Pages.StoreAsync(Batch.Store([Pages + 1], [PageKinds.Noise(1)]));
        Assert.Equal([StoreOutcome.PoolLimit], reply.Outcomes);
        await AssertHoldsAsync(server, slots, pages);

        // Room is made, the pressure goes: after half a minute the limit rises, in the end to the configured one.
        system.SetGroup($"{64 * MebiByte}", 4 * MebiByte);
        await server.Pages.InvalidateAreaAsync(new InvalidateAreaRequest { Tenant = TestServer.TenantA });
        for (int second = 0; second < 300; second++)
        {
            pressure.Tick();
        }

        Assert.Equal((16 * MebiByte, ""), Limit(await StatisticsAsync(server)));
        Assert.Contains("as configured", log.Texts[^1]);
        Assert.True(log.Texts.Count > 3);
        await server.StoreOneAsync(1, PageKinds.Noise(1));
    }

    [Fact]
    public async Task ShortOfMemoryItMergesAlsoWhatItWouldLeaveAlone()
    {
        using SystemFolder system = SystemFolder.WithGroup($"{32 * MebiByte}", 31 * MebiByte);
        await using TestServer server = await TestServer.StartAsync("--limit=16MiB", "--Store:CompactAbovePercent=0");
        (ulong[] slots, _) = await FillAsync(server);
        await server.Pages.InvalidateAsync(Batch.Invalidate([.. slots.Where(slot => slot % 2 == 0).Take(500)]));
        using PressureService pressure = NewService(server, system, new LogList<PressureService>());
        await server.Server.PageStore.Compactor.TickAsync(CancellationToken.None);
        Assert.Equal(0UL, (await server.StatisticsAsync()).MergedFrames);

        pressure.Tick();

        // Its own background does it, at its next tick.
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        while ((await server.StatisticsAsync()).MergedFrames <= 100 && !deadline.IsCancellationRequested)
        {
            await Task.Yield();
        }

        Assert.True((await server.StatisticsAsync()).MergedFrames > 100);
    }

    [Fact]
    public async Task TheClockReadsOnceASecondAndAFloorOfAHundredPercentIsOff()
    {
        using SystemFolder system = SystemFolder.WithGroup($"{32 * MebiByte}", 4 * MebiByte);
        await using TestServer server = await TestServer.StartAsync("--limit=16MiB");
        FakeTimeProvider clock = new();
        LogList<PressureService> log = new();
        using PressureService off = NewService(server, system, log, floorPercent: 100, clock);
        await off.StartAsync(CancellationToken.None);
        await off.ExecuteTask!;

        using PressureService pressure = NewService(server, system, log, clock: clock);
        await pressure.StartAsync(CancellationToken.None);
        Assert.Equal("", (await StatisticsAsync(server)).LimitReason);
        system.SetGroup($"{32 * MebiByte}", 31 * MebiByte);
        while ((await StatisticsAsync(server)).LimitReason.Length == 0)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await pressure.StopAsync(CancellationToken.None);
        Assert.Equal(16 * MebiByte / 100 * 25 / 4096 * 4096, (long)(await StatisticsAsync(server)).LimitBytes);
    }

    private static (long LimitBytes, string Reason) Limit(ServerStatistics now) =>
        ((long)now.LimitBytes, now.LimitReason);

    private static async Task<ServerStatistics> StatisticsAsync(TestServer server) =>
        (await server.Admin.ListTenantsAsync(new ListTenantsRequest())).Server;

    private static async Task<(ulong[] Slots, byte[][] Pages)> FillAsync(TestServer server)
    {
        ulong[] slots = Batch.Slots(Pages);
        byte[][] pages = [.. slots.Select(slot => PageKinds.Text((int)slot))];
        for (int first = 0; first < Pages; first += 500)
        {
            await server.Pages.StoreAsync(Batch.Store(slots[first..(first + 500)], pages[first..(first + 500)]));
        }

        return (slots, pages);
    }

    private static async Task AssertHoldsAsync(TestServer server, ulong[] slots, byte[][] pages)
    {
        for (int first = 0; first < Pages; first += 500)
        {
            await server.AssertHoldsAsync(slots[first..(first + 500)], pages[first..(first + 500)]);
        }
    }

    private static PressureService NewService(
        TestServer server,
        SystemFolder system,
        LogList<PressureService> log,
        int floorPercent = 25,
        FakeTimeProvider? clock = null) =>
        new(
            server.Server.PageStore,
            server.Server.Settings with { FloorPercent = floorPercent },
            PressureFiles.Find(system.Root),
            clock ?? new FakeTimeProvider(),
            log);
}
