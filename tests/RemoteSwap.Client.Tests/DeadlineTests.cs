using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.Client.Tests.Fakes;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>Every call has a deadline; every wait can be cancelled.</summary>
public abstract class DeadlineTests(int streams)
{
    [Fact]
    public async Task SlowServerEndsTheCallAtItsDeadline()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection =
            server.Connect(streams, callDeadline: TimeSpan.FromMilliseconds(300));
        server.Store.Before = WaitForEverAsync;

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.Area(6).StoreAsync(77, Pages.Any(1)));

        Assert.Equal(RemoteSwapError.DeadlineExceeded, failure.Error);
        Assert.Contains("Store (tenant 'vm7', area 6, slot 77)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("00:00:00.3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("[gRPC DeadlineExceeded", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelledTokenEndsTheWaitAsACancellation()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        Func<CancellationToken, Task>[] calls =
        [
            async ct => await area.StoreAsync(1, Pages.Any(1), ct),
            async ct => await area.StoreAsync(Pages.Slots(3000), Pages.Many(3000), StoreMode.EachPage, ct),
            async ct => await area.LoadAsync(1, new byte[4096], ct),
            async ct => await area.LoadAsync(Pages.Slots(600), new byte[600 * 4096], LoadMode.TakeOver, ct),
            async ct => await area.InvalidateAsync(1, ct),
            async ct => await area.InvalidateRangeAsync(0, 1, ct),
            async ct => await area.InvalidateAllAsync(ct),
            async ct => await connection.ReclaimAsync(1, 8, ct),
            async ct => await connection.PingAsync(default, ct),
        ];

        foreach (Func<CancellationToken, Task> call in calls)
        {
            TaskCompletionSource arrived = new();
            server.Store.Before = (request, context) =>
            {
                arrived.TrySetResult();
                return WaitForEverAsync(request, context);
            };
            using CancellationTokenSource source = new();
            Task running = call(source.Token);
            await arrived.Task;
            await source.CancelAsync();

            OperationCanceledException cancelled =
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            Assert.Equal(source.Token, cancelled.CancellationToken);
        }
    }

    [Fact]
    public async Task TokenThatIsCancelledAlreadySendsNothing()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await connection.Area(1).StoreAsync(1, Pages.Any(1), new CancellationToken(canceled: true)));

        Assert.Empty(server.Store.Requests);
    }

    [Fact]
    public async Task ClosingTheConnectionEndsItsCallsAndFurtherOnesAreMisuse()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        RemoteSwapConnection connection = server.Connect(streams);
        TaskCompletionSource arrived = new();
        server.Store.Before = (request, context) =>
        {
            arrived.TrySetResult();
            return WaitForEverAsync(request, context);
        };
        Task running = connection.Area(1).StoreAsync(1, Pages.Any(1)).AsTask();
        await arrived.Task;

        await connection.DisposeAsync();
        await connection.DisposeAsync();

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(() => running);
        Assert.Equal(RemoteSwapError.Cancelled, failure.Error);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await connection.PingAsync(default));
    }

    private static Task WaitForEverAsync(IMessage request, ServerCallContext context) =>
        Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
}
