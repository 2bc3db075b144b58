using Grpc.Core;
using RemoteSwap.Credentials;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>A call that is cancelled or disposed of leaves nobody waiting, and nobody runs on.</summary>
public sealed class DirectCancelTests
{
    [Fact]
    public async Task Before_the_dial_ends()
    {
        using DirectPeer peer = new();
        peer.Dial = async ct =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return peer.Connection;
        };
        Task<bool> reading = peer.NextAsync();

        await peer.CancelAsync();

        await RequireCancelledAsync(reading);
    }

    [Fact]
    public async Task Before_anything()
    {
        using DirectPeer peer = new();
        await peer.CancelAsync();

        await RequireCancelledAsync(peer.NextAsync());
        Assert.True(peer.Connection.IsDisposed);
    }

    [Fact]
    public async Task While_it_opens()
    {
        using DirectPeer peer = new();
        peer.Connection.Hold();
        Task<bool> reading = peer.NextAsync();
        await DirectPeer.UntilAsync(() => peer.Connection.Writes.Count == 1);

        await peer.CancelAsync();

        await RequireCancelledAsync(reading);
    }

    [Fact]
    public async Task While_it_reads()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        Task<bool> reading = peer.NextAsync();

        await peer.CancelAsync();

        await RequireCancelledAsync(reading);
        Assert.True(peer.Connection.IsDisposed);
    }

    [Fact]
    public async Task While_it_reads_and_writes_without_credit()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        Task<bool> reading = peer.NextAsync();
        Task write = peer.Call.WriteAsync(new byte[100_000], more: false).AsTask();
        await DirectPeer.UntilAsync(() => peer.SentData.Length == 65_535);

        await peer.CancelAsync();

        await RequireCancelledAsync(reading);
        await RequireCaughtAsync(write);
        await RequireCaughtAsync(peer.Call.WriteAsync([1], more: false).AsTask());
        await RequireCaughtAsync(peer.Call.WriteAsync(new byte[100_000], more: true).AsTask());
        await RequireCaughtAsync(peer.Call.CompleteAsync());
    }

    [Fact]
    public async Task Disposal_without_credit()
    {
        DirectPeer peer = await DirectPeer.StartAsync();
        Task write = peer.Call.WriteAsync(new byte[100_000], more: false).AsTask();

        peer.Call.Dispose();

        await RequireCaughtAsync(write);
        peer.Dispose();
    }

    // The second waits behind the first, which the socket does not take.
    [Fact]
    public async Task Disposal_during_a_blocked_write()
    {
        using DirectPeer peer = await DirectPeer.StartAsync((Http2Setting.InitialWindowSize, 1 << 30));
        peer.Send(Frames.Window(0, 1 << 30), Frames.Data(Frames.Message([])));
        Assert.True(await peer.NextAsync());
        peer.Connection.Hold();
        Task first = peer.Call.WriteAsync([1], more: false).AsTask();
        Task second = peer.Call.WriteAsync(new byte[100_000], more: false).AsTask();
        await Task.Delay(20);
        Assert.False(first.IsCompleted || second.IsCompleted);

        peer.Call.Dispose();

        await RequireCaughtAsync(first);
        await RequireCaughtAsync(second);
        Assert.Equal(0, peer.Connection.ChangedUnderway);
        Assert.Equal(1, peer.Connection.MostWriting);
    }

    [Fact]
    public async Task Disposal_while_it_dials_closes_the_connection()
    {
        using DirectPeer peer = new();
        TaskCompletionSource<Stream> dialled = new();
        peer.Dial = _ => new ValueTask<Stream>(dialled.Task);
        Task<bool> reading = peer.NextAsync();

        peer.Call.Dispose();
        dialled.SetResult(peer.Connection);

        await Assert.ThrowsAsync<RpcException>(() => reading);
        Assert.True(peer.Connection.IsDisposed);
    }

    [Fact]
    public async Task Nothing_is_written_before_something_was_read()
    {
        using DirectPeer peer = new();

        await RequireCaughtAsync(Task.Run(() => peer.Call.WriteAsync([1], more: false).AsTask()));
        Assert.Throws<InvalidOperationException>(() => peer.Call.Status);
    }

    [Fact]
    public async Task A_refusal_of_the_dialler_keeps_its_kind()
    {
        CredentialException refusal = new("not believed");
        using DirectPeer peer = new() { Dial = _ => throw refusal };

        Status status = await peer.FailureAsync();

        Assert.Equal(StatusCode.Unavailable, status.StatusCode);
        Assert.Same(refusal, status.DebugException);
    }

    // Three lanes whose connections one event ends are one end, not three.
    [Fact]
    public async Task Silent_ends_count_once_for_one_event()
    {
        using DirectPeer peer = new();
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        RemoteSwap.Client.Security.SilentEnds ends = new(new RemoteSwapClientOptions
        {
            Address = new Uri("https://server.test:1"),
            WaitsForServer = true,
            Streams = 4,
        });
        for (int i = 0; i < 10; i++)
        {
            ends.Add(began);
        }

        Assert.Null(ends.Refusal);

        // A call names it instead of what the transport said.
        peer.Ends.Add(began);
        peer.Connection.EndArriving();
        Assert.IsType<CredentialException>((await peer.FailureAsync()).DebugException);
    }

    private static async Task RequireCancelledAsync(Task reading) =>
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => reading)).StatusCode);

    // What Exchange/LaneSender.cs catches.
    private static async Task RequireCaughtAsync(Task write)
    {
        Exception? failure = await Record.ExceptionAsync(() => write.WaitAsync(DirectPeer.Bound));
        Assert.True(
            failure is RpcException or InvalidOperationException or OperationCanceledException or IOException,
            failure?.ToString() ?? "no failure");
    }
}
