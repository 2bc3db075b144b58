using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>Streams that end, or never begin: every call ends too, and the next one finds a lane that works.</summary>
public sealed class StreamEndTests
{
    [Fact]
    public async Task ServerThatEndsEveryStreamIsUnavailableAfterTheAttemptsThatWereAllowed()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1, maxAttempts: 3);
        server.Store.Exchanges.ByHand();
        Task<RemoteSwapException> call = Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.Area(1).StoreAsync(1, Pages.Text(1)));
        HashSet<ExchangeRequest> requests = [];

        for (int attempt = 0; attempt < 3; attempt++)
        {
            FakeStream stream = await server.Store.Exchanges.TakeAsync();
            await stream.WelcomeAsync();
            requests.Add(await stream.ReadAsync());
            stream.End();
        }

        RemoteSwapException failure = await call;
        Assert.Equal(RemoteSwapError.Unavailable, failure.Error);
        Assert.Contains("the server ended the stream", failure.Message, StringComparison.Ordinal);
        Assert.Single(requests);
        await AssertServesAsync(server, connection);
    }

    [Theory]
    [InlineData(StatusCode.Internal, RemoteSwapError.Server)]
    [InlineData(StatusCode.Cancelled, RemoteSwapError.Cancelled)]
    [InlineData(StatusCode.InvalidArgument, RemoteSwapError.InvalidRequest)]
    [InlineData(StatusCode.PermissionDenied, RemoteSwapError.PermissionDenied)]
    [InlineData(StatusCode.Unauthenticated, RemoteSwapError.Unauthenticated)]
    public async Task StreamThatFailsFailsWhatIsInTheLane(StatusCode status, RemoteSwapError error)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        server.Store.Exchanges.ByHand();
        Task<RemoteSwapException>[] calls = Many(connection, 200);

        await ForEachStreamAsync(server, calls, async stream =>
        {
            await stream.WelcomeAsync();
            await stream.ReadAsync();
            stream.Fail(status);
        });

        Assert.All(await Task.WhenAll(calls), failure => Assert.Equal(error, failure.Error));
        await AssertServesAsync(server, connection);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamWithoutAWelcomeThatAllowsForRequestsFailsTheCalls(bool isWelcome)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        server.Store.Exchanges.ByHand();
        Task<RemoteSwapException>[] calls = Many(connection, 20);
        int sent = 0;

        await ForEachStreamAsync(server, calls, async stream =>
        {
            await stream.WriteAsync(isWelcome
                ? new ExchangeResponse { Welcome = new ExchangeWelcome { MaxRequests = 0, MaxBytes = 1 << 20 } }
                : new ExchangeResponse { RequestId = 1, Store = new StoreResponse() });
            await stream.FinishedAsync();
            sent += stream.Unread;
        });

        Assert.All(
            await Task.WhenAll(calls),
            failure => Assert.Equal(RemoteSwapError.Protocol, failure.Error));
        Assert.Equal(0, sent);
        await AssertServesAsync(server, connection);
    }

    [Fact]
    public async Task WelcomeThatNeverComesEndsCallsAtTheirDeadlineAndTheStreamIsOpenedAnew()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        FakeTimeProvider time = new();
        await using RemoteSwapConnection connection = server.Connect(streams: 1, time: time);
        server.Store.Exchanges.ByHand();
        Task<RemoteSwapException>[] calls = Many(connection, 200);
        await server.Store.Exchanges.TakeAsync();

        time.Advance(TimeSpan.FromSeconds(61));

        // What was gathered behind others ends a sweep later than these.
        await AdvanceUntilAsync(time, Task.WhenAll(calls));
        Assert.All(
            await Task.WhenAll(calls),
            failure => Assert.Equal(RemoteSwapError.DeadlineExceeded, failure.Error));
        await AssertServesAsync(server, connection, time);
    }

    [Fact]
    public async Task SilentStreamIsReplacedAndWhatStillWaitsIsAnswered()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        FakeTimeProvider time = new();
        await using RemoteSwapConnection connection = server.Connect(streams: 1, time: time);
        SwapArea area = connection.Area(1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);

        Task<StoreOutcome> early = area.StoreAsync(1, Pages.Text(1)).AsTask();
        time.Advance(TimeSpan.FromSeconds(40));
        Task<StoreOutcome> late = area.StoreAsync(2, Pages.Text(2)).AsTask();
        ExchangeRequest[] unheard = [await stream.ReadAsync(), await stream.ReadAsync()];
        Assert.All(unheard, request => Assert.NotNull(request.Store));
        time.Advance(TimeSpan.FromSeconds(21));

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(() => early);
        Assert.Equal(RemoteSwapError.DeadlineExceeded, failure.Error);
        await stream.FinishedAsync();
        FakeStream next = await OpenAsync(server, time);
        ExchangeRequest again = await next.ReadAsync();
        Assert.Equal(unheard[1], again);
        await next.AnswerAsync(again);
        Assert.Equal(StoreOutcome.Stored, await late);
        Assert.Equal(0, next.Unread);
    }

    [Fact]
    public async Task ServerThatGoesDownAndComesBackIsFoundAgain()
    {
        string socket = Path.Combine(Path.GetTempPath(), $"remoteswap-{Guid.NewGuid():N}.sock");
        FakeServer server = await FakeServer.StartAsync(socket);
        await using RemoteSwapConnection connection = server.Connect(streams: 2);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(1, Pages.Text(1));
        await server.StopAsync(new CancellationToken(canceled: true));
        await server.DisposeAsync();

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await area.StoreAsync(1, Pages.Text(2)));
        Assert.Equal(RemoteSwapError.Unavailable, failure.Error);

        await using FakeServer next = await FakeServer.StartAsync(socket);
        Assert.Equal(StoreOutcome.Stored, await area.StoreAsync(1, Pages.Text(3)));
    }

    [Fact]
    public async Task CallThatMayWaitIsAnsweredWhenTheServerIsBackHoweverManyAttemptsThatTakes()
    {
        string socket = Path.Combine(Path.GetTempPath(), $"remoteswap-{Guid.NewGuid():N}.sock");
        FakeServer server = await FakeServer.StartAsync(socket);
        await using RemoteSwapConnection connection = server.Connect(streams: 2, maxAttempts: 1, waitsForServer: true);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(1, Pages.Text(1));
        await server.StopAsync(new CancellationToken(canceled: true));
        await server.DisposeAsync();
        Task<StoreOutcome> single = area.StoreAsync(1, Pages.Text(2)).AsTask();
        Task<StoreOutcome[]> batch = area.StoreAsync(Pages.Slots(3, first: 5), Pages.Many(3)).AsTask();

        await Task.Delay(TimeSpan.FromMilliseconds(300));
        Assert.False(single.IsCompleted || batch.IsCompleted);

        await using FakeServer next = await FakeServer.StartAsync(socket);
        Assert.Equal(StoreOutcome.Stored, await single);
        Assert.Equal(3, (await batch).Length);
    }

    [Fact]
    public async Task ConnectionThatBreaksUnderAStreamCountsAsUnavailable()
    {
        string socket = Path.Combine(Path.GetTempPath(), $"remoteswap-{Guid.NewGuid():N}.sock");
        FakeServer server = await FakeServer.StartAsync(socket);
        await using RemoteSwapConnection connection = server.Connect(streams: 1, maxAttempts: 1);
        server.Store.Exchanges.ByHand();
        Task<RemoteSwapException> call = Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.Area(1).StoreAsync(1, Pages.Text(1)));
        FakeStream stream = await server.Store.Exchanges.TakeAsync();
        await stream.WelcomeAsync();
        await stream.ReadAsync();

        await server.StopAsync(new CancellationToken(canceled: true));

        Assert.Equal(RemoteSwapError.Unavailable, (await call).Error);
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClosingEndsCallsThatAreSentGatheredHeldBackAndUnwelcome(bool isWelcome)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        server.Store.Exchanges.Welcome = new ExchangeWelcome { MaxRequests = 2, MaxBytes = 1 << 20 };
        RemoteSwapConnection connection = server.Connect(streams: 2);
        server.Store.Exchanges.ByHand();
        Task<RemoteSwapException>[] calls = Many(connection, 300);
        FakeStream[] opened = [await server.Store.Exchanges.TakeAsync(), await server.Store.Exchanges.TakeAsync()];
        if (isWelcome)
        {
            await Task.WhenAll(opened.Select(stream => stream.WelcomeAsync()));
            await Task.WhenAll(opened.Select(stream => stream.ReadAsync()));
        }

        await connection.DisposeAsync();

        Assert.All(
            await Task.WhenAll(calls),
            failure => Assert.Equal(RemoteSwapError.Cancelled, failure.Error));
    }

    [Fact]
    public async Task ClosingWaitsForRepliesThatAreOnTheirWay()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        RemoteSwapConnection connection = server.Connect(streams: 1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        Task<StoreOutcome> store = connection.Area(1).StoreAsync(1, Pages.Text(1)).AsTask();
        ExchangeRequest request = await stream.ReadAsync();

        Task closing = connection.DisposeAsync().AsTask();
        await stream.FinishedAsync();
        await stream.AnswerAsync(request);
        stream.End();

        // The grace is short by the system's clock, so on a busy machine the reply may be too late.
        Exception? failure = await Record.ExceptionAsync(() => store);
        Assert.True(failure is null or RemoteSwapException { Error: RemoteSwapError.Cancelled }, failure?.ToString());
        await closing;
    }

    private static Task<RemoteSwapException>[] Many(RemoteSwapConnection connection, int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => Assert.ThrowsAsync<RemoteSwapException>(async () =>
        {
            SwapArea area = connection.Area(1);
            switch (i % 4)
            {
                case 0:
                    await area.StoreAsync((ulong)i, Pages.Text(i));
                    break;
                case 1:
                    await area.LoadAsync((ulong)i, new byte[4096]);
                    break;
                case 2:
                    await area.InvalidateAsync((ulong)i);
                    break;
                default:
                    await area.LoadAsync(Pages.Slots(3), new byte[3 * 4096]);
                    break;
            }
        })),
    ];

    // Until the calls are over: those that were gathered behind others go over a stream of their own.
    private static async Task ForEachStreamAsync(FakeServer server, Task[] calls, Func<FakeStream, Task> misbehave)
    {
        Task over = Task.WhenAll(calls);
        using CancellationTokenSource stop = new();
        while (!over.IsCompleted)
        {
            Task<FakeStream> opened = server.Store.Exchanges.TakeAsync(stop.Token);
            if (await Task.WhenAny(opened, over) == opened)
            {
                await misbehave(await opened);
            }
        }

        // Else the taker that is left would take the next stream from the test.
        await stop.CancelAsync();
    }

    private static async Task<FakeStream> OpenAsync(FakeServer server, FakeTimeProvider time)
    {
        Task<FakeStream> opened = server.Store.Exchanges.TakeAsync();
        await AdvanceUntilAsync(time, opened);
        await (await opened).WelcomeAsync();
        return await opened;
    }

    // The wait before the next attempt goes by the clock that the test holds.
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task end)
    {
        while (await Task.WhenAny(end, Task.Delay(5)) != end)
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
        }
    }

    private static async Task AssertServesAsync(
        FakeServer server, RemoteSwapConnection connection, FakeTimeProvider? time = null)
    {
        Task<StoreOutcome> store = connection.Area(1).StoreAsync(1, Pages.Text(1)).AsTask();
        Task serving = ForEachStreamAsync(server, [store], async stream =>
        {
            await stream.WelcomeAsync();
            _ = stream.ServeAsync();
        });
        await (time is null ? store : AdvanceUntilAsync(time, store));
        await serving;
        Assert.Equal(StoreOutcome.Stored, await store);
    }
}
