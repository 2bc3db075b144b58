using Grpc.Core;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests.Security;

/// <summary>
/// A server that was started anew and does not take this client any more: whoever waits for servers does not wait for
/// that.
/// </summary>
public sealed class RefusedResumeTests
{
    [Theory]
    [InlineData(StatusCode.Unauthenticated, RemoteSwapError.Unauthenticated)]
    [InlineData(StatusCode.PermissionDenied, RemoteSwapError.PermissionDenied)]
    public async Task A_session_that_may_not_be_resumed_ends_the_calls_that_wait(
        StatusCode status, RemoteSwapError error)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        server.Store.Exchanges.Welcome = new ExchangeWelcome
        {
            MaxRequests = 32,
            MaxBytes = 16 << 20,
            Incarnation = 2,
        };
        server.Areas.Resuming = () => throw new RpcException(new Status(status, "who are you?"));
        await using RemoteSwapConnection connection = server.Connect(
            1, callDeadline: TimeSpan.FromSeconds(10), waitsForServer: true);
        AttachReply attached = await connection.AttachAsync(3);
        await using AttachedArea area = attached.Area!;

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await area.Pages.StoreAsync(1, Pages.Text(1)));

        Assert.Equal(error, failure.Error);
        Assert.Contains("who are you?", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Areas.Resumes);
    }

    [Fact]
    public async Task A_session_that_can_not_be_resumed_now_is_waited_for()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        server.Store.Exchanges.Welcome = new ExchangeWelcome
        {
            MaxRequests = 32,
            MaxBytes = 16 << 20,
            Incarnation = 2,
        };
        int tries = 0;
        server.Areas.Resuming = () => ++tries < 3
            ? throw new RpcException(new Status(StatusCode.Unavailable, "not now"))
            : new AttachResponse { Outcome = V1.AttachOutcome.Resumed, AttachEpoch = 2, Incarnation = 2 };
        await using RemoteSwapConnection connection = server.Connect(
            1, callDeadline: TimeSpan.FromSeconds(30), waitsForServer: true);
        AttachReply attached = await connection.AttachAsync(3);
        await using AttachedArea area = attached.Area!;

        Assert.Equal(StoreOutcome.Stored, await area.Pages.StoreAsync(1, Pages.Text(1)));
        Assert.Equal(3, server.Areas.Resumes);
    }
}
