using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.Client.Tests.Gathering;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests.Telemetry;

/// <summary>What the library measures of its requests.</summary>
public sealed class ClientMeterTests
{
    private const string Duration = "remoteswap.client.operation.duration";
    private const string PagesName = "remoteswap.client.pages";
    private const string BatchSize = "remoteswap.client.batch.size";
    private const string InFlight = "remoteswap.client.in_flight";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task BatchesAreMeasuredOnceAndPagesByOutcome(int streams)
    {
        using MeterWatch meters = new();
        await using FakeServer server = await FakeServer.StartAsync();
        await using (RemoteSwapConnection connection = Connect(server, meters, streams))
        {
            SwapArea area = connection.Area(1);
            await area.StoreAsync(Pages.Slots(3), Pages.Many(3));
            await area.StoreAsync(Pages.Slots(1, first: 9), Pages.Text(1));
            await area.LoadAsync(Pages.Slots(4), new byte[4 * 4096]);
            await area.InvalidateAsync(Pages.Slots(5));
            await area.InvalidateRangeAsync(0, 100);
            await connection.PingAsync(default);
        }

        Assert.Equal(1, meters.Count(Duration, "operation=store", "outcome=mixed"));
        Assert.Equal(1, meters.Count(Duration, "operation=store", "outcome=stored"));
        Assert.Equal(3, meters.Sum(PagesName, "operation=store", "outcome=stored"));
        Assert.Equal(1, meters.Sum(PagesName, "operation=store", "outcome=same_filled"));
        Assert.Equal(1, meters.Count(Duration, "operation=load", "outcome=mixed"));
        Assert.Equal(3, meters.Sum(PagesName, "operation=load", "outcome=loaded"));
        Assert.Equal(1, meters.Sum(PagesName, "operation=load", "outcome=not_found"));
        Assert.Equal(2, meters.Count(Duration, "operation=invalidate"));
        Assert.Equal(2, meters.Sum(PagesName, "operation=invalidate", "outcome=not_found"));
        Assert.Equal(4, meters.Sum(PagesName, "operation=invalidate", "outcome=invalidated"));
        Assert.Equal(1, meters.Count(Duration, "operation=ping", "outcome=answered"));
        Assert.Equal((1, 3), meters.Range(BatchSize, "operation=store"));
        Assert.Equal(3, meters.Count(BatchSize, "operation=store") + meters.Count(BatchSize, "operation=invalidate"));
        Assert.InRange(meters.Range(Duration).Least, 1e-9, 60);
        Assert.Equal(0, meters.Sum(InFlight));
        Assert.Equal(12, meters.Count(InFlight));
    }

    [Fact]
    public async Task GatheredPagesAreOneMeasurementABatch()
    {
        const int Count = 200;
        using MeterWatch meters = new();
        await using FakeServer server = await FakeServer.StartAsync();
        await using (RemoteSwapConnection connection = Connect(server, meters, streams: 1))
        {
            SwapArea area = connection.Area(1);

            // Gathered by a plug, and not by chance: a quick server answers between two pages.
            await Task.WhenAll(PluggedCalls.Plugged(
                () => [.. Enumerable.Range(0, Count).Select(i => PluggedCalls.StoreAsync(area, i, Pages.Text(i)))]));
        }

        Assert.Equal(Count, meters.Sum(PagesName, "operation=store", "outcome=stored"));
        Assert.Equal(Count, meters.Sum(BatchSize, "operation=store"));
        Assert.Equal(server.Store.RequestsOf<StoreRequest>().Length, meters.Count(Duration, "operation=store"));
        Assert.InRange(meters.Count(Duration), 1, Count / 2);
        Assert.Equal(0, meters.Sum(InFlight));
    }

    [Theory]
    [InlineData(0, StatusCode.InvalidArgument, "refused")]
    [InlineData(1, StatusCode.InvalidArgument, "refused")]
    [InlineData(0, StatusCode.Unavailable, "unavailable")]
    [InlineData(1, StatusCode.Unavailable, "unavailable")]
    [InlineData(1, StatusCode.Unimplemented, "protocol")]
    public async Task RequestsThatFailAreCountedByCause(int streams, StatusCode status, string outcome)
    {
        using MeterWatch meters = new();
        await using FakeServer server = await FakeServer.StartAsync();
        await using (RemoteSwapConnection connection = Connect(server, meters, streams, maxAttempts: 1))
        {
            server.Store.Before = (_, _) => throw new RpcException(new Status(status, "no"));

            await Assert.ThrowsAsync<RemoteSwapException>(
                async () => await connection.Area(1).StoreAsync(Pages.Slots(7), Pages.Many(7)));
        }

        Assert.Equal(1, meters.Count(Duration, "operation=store", $"outcome={outcome}"));
        Assert.Equal(7, meters.Sum(PagesName, "operation=store", $"outcome={outcome}"));
        Assert.Equal(0, meters.Sum(InFlight));
    }

    [Fact]
    public async Task PagesThatAFullServerRefusesAreCountedByTheirReason()
    {
        using MeterWatch meters = new();
        await using FakeServer server = await FakeServer.StartAsync();
        server.Store.Lie<StoreResponse>(reply => reply.Outcomes[1] = V1.StoreOutcome.TenantLimit);
        await using (RemoteSwapConnection connection = Connect(server, meters, streams: 1))
        {
            await connection.Area(1).StoreAsync(Pages.Slots(3), Pages.Many(3));
        }

        Assert.Equal(1, meters.Sum(PagesName, "operation=store", "outcome=tenant_limit"));
        Assert.Equal(1, meters.Count(Duration, "operation=store", "outcome=mixed"));
    }

    [Fact]
    public async Task StreamsThatBreakAreReconnectsAndWhatWasOnThemIsSentAgain()
    {
        using MeterWatch meters = new();
        await using FakeServer server = await FakeServer.StartAsync();
        int lost = 0;
        server.Store.After = (request, _) => request is StoreRequest && ++lost <= 2
            ? throw new RpcException(new Status(StatusCode.Unavailable, "lost"))
            : Task.CompletedTask;
        await using (RemoteSwapConnection connection = Connect(server, meters, streams: 1))
        {
            await connection.Area(1).StoreAsync(Pages.Slots(3), Pages.Many(3));
        }

        Assert.Equal(2, meters.Sum("remoteswap.client.reconnects"));
        Assert.Equal(2, meters.Sum("remoteswap.client.resends"));
        Assert.Equal(1, meters.Count(Duration, "operation=store"));
        Assert.Equal(0, meters.Sum(InFlight));
    }

    [Fact]
    public async Task RequestWithoutAReplyInTimeIsCountedOnceAndNotAgainWhenItsReplyComes()
    {
        using MeterWatch meters = new();
        FakeTimeProvider time = new();
        await using FakeServer server = await FakeServer.StartAsync();
        await using (RemoteSwapConnection connection = Connect(server, meters, streams: 1, time: time))
        {
            FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
            Task<LoadOutcome> load = connection.Area(1).LoadAsync(1, new byte[4096]).AsTask();
            ExchangeRequest request = await stream.ReadAsync();
            await KeepHearingAsync(stream, connection, time);
            await Assert.ThrowsAsync<RemoteSwapException>(() => load);
            await meters.AwaitSumAsync(1, PagesName, "operation=load", "outcome=deadline_exceeded");
            await stream.AnswerAsync(request);
        }

        Assert.Equal(1, meters.Count(Duration, "operation=load"));
        Assert.Equal(1, meters.Sum(PagesName, "operation=load"));
        Assert.Equal(0, meters.Sum(InFlight));
    }

    // The stream must not count as silent, or it would be cut. That it was heard is noted after a reply's call has gone
    // on, but before the next reply is read.
    private static async Task KeepHearingAsync(
        FakeStream stream, RemoteSwapConnection connection, FakeTimeProvider time)
    {
        time.Advance(TimeSpan.FromSeconds(40));
        for (ulong slot = 2; slot < 4; slot++)
        {
            Task<StoreOutcome> store = connection.Area(1).StoreAsync(slot, Pages.Text(1)).AsTask();
            await stream.AnswerAsync(await stream.ReadAsync());
            Assert.Equal(StoreOutcome.Stored, await store);
        }

        time.Advance(TimeSpan.FromSeconds(21));
    }

    private static RemoteSwapConnection Connect(
        FakeServer server, MeterWatch meters, int streams, int maxAttempts = 4, TimeProvider? time = null) =>
        RemoteSwapConnection.Open(
            new RemoteSwapClientOptions
            {
                Address = server.Address,
                Tenant = "vm7",
                Streams = streams,
                MaxAttempts = maxAttempts,
                InitialBackoff = TimeSpan.FromMilliseconds(1),
                MaxBackoff = TimeSpan.FromMilliseconds(5),
                CallDeadline = TimeSpan.FromSeconds(60),
                MeterFactory = meters,
            },
            time);
}
