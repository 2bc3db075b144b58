using Grpc.Core;
using RemoteSwap.Client.Tests.Fakes;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>What a failed call says.</summary>
public abstract class ErrorTests(int streams)
{
    [Theory]
    [InlineData(StatusCode.DeadlineExceeded, RemoteSwapError.DeadlineExceeded)]
    [InlineData(StatusCode.Cancelled, RemoteSwapError.Cancelled)]
    [InlineData(StatusCode.InvalidArgument, RemoteSwapError.InvalidRequest)]
    [InlineData(StatusCode.OutOfRange, RemoteSwapError.InvalidRequest)]
    [InlineData(StatusCode.FailedPrecondition, RemoteSwapError.InvalidRequest)]
    [InlineData(StatusCode.NotFound, RemoteSwapError.NotFound)]
    [InlineData(StatusCode.PermissionDenied, RemoteSwapError.PermissionDenied)]
    [InlineData(StatusCode.Unauthenticated, RemoteSwapError.Unauthenticated)]
    [InlineData(StatusCode.Unimplemented, RemoteSwapError.Protocol)]
    [InlineData(StatusCode.Internal, RemoteSwapError.Server)]
    [InlineData(StatusCode.ResourceExhausted, RemoteSwapError.Quota)]
    [InlineData(StatusCode.Unknown, RemoteSwapError.Server)]
    [InlineData(StatusCode.DataLoss, RemoteSwapError.Server)]
    public async Task StatusBecomesAnErrorThatQuotesTheServer(StatusCode status, RemoteSwapError error)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        server.Store.Before = (_, _) => throw new RpcException(new Status(status, "slot 9 is beyond 8"));

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.Area(5).LoadAsync(new ulong[] { 9, 10 }, new byte[8192]));

        Assert.Equal(error, failure.Error);
        Assert.StartsWith(
            "Load (tenant 'vm7', area 5, 2 slots from 9 to 10) failed: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith($"[gRPC {status}: slot 9 is beyond 8]", failure.Message, StringComparison.Ordinal);
        Assert.Equal(status, Assert.IsType<RpcException>(failure.InnerException).StatusCode);
    }

    [Fact]
    public async Task BytesThatAreNoMessageAreABreachOfTheContract()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams, maxAttempts: 1);
        server.Raw.Message = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.Area(5).LoadAsync(9, new byte[4096]));

        Assert.Equal(RemoteSwapError.Protocol, failure.Error);
    }

    [Fact]
    public async Task ReplyAboveTheMessageLimitIsRefused()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams, maxAttempts: 1);
        server.Raw.Message = new byte[(4 * 1024 * 1024) + 1];

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.Area(5).LoadAsync(9, new byte[4096]));

        Assert.Contains("maximum", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WordsOfTheServerAreQuotedOnlyInPart()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        server.Store.Before = (_, _) => throw new RpcException(new Status(StatusCode.Internal, new string('x', 5000)));

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.PingAsync(default));

        Assert.InRange(failure.Message.Length, 500, 1000);
    }
}
