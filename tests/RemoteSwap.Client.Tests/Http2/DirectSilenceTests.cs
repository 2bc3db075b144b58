using Grpc.Core;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>A call whose server falls silent ends; one whose server is asked and answers goes on.</summary>
public sealed class DirectSilenceTests
{
    [Fact]
    public async Task It_is_asked_and_given_up()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        Task<bool> reading = peer.NextAsync();
        Pass(peer, 10);
        Assert.Equal(FrameType.Ping, peer.Sent[^1].Header.Type);
        Assert.False(peer.Sent[^1].Header.Has(FrameFlags.EndStream));

        Pass(peer, 5);

        RpcException ended = await Assert.ThrowsAsync<RpcException>(() => reading);
        Assert.Equal(StatusCode.Unavailable, ended.StatusCode);
        Assert.IsType<IOException>(ended.Status.DebugException);
        Assert.Contains("30 s", ended.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_keeps_it()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        Task<bool> reading = peer.NextAsync();
        for (int round = 1; round <= 5; round++)
        {
            Pass(peer, 10);
            Assert.Equal(round, peer.Sent.Count(frame => frame.Header.Type == FrameType.Ping));
            int listened = peer.Connection.Reads;
            peer.Send(Frames.Ping(isAnswer: true));
            await DirectPeer.UntilAsync(() => peer.Connection.Reads > listened);
        }

        peer.Send(Frames.Data(Frames.Message([1])));
        Assert.True(await reading);
    }

    [Fact]
    public async Task A_writer_without_credit_is_told_too()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        Task write = peer.Call.WriteAsync(new byte[100_000], more: false).AsTask();
        Task<bool> reading = peer.NextAsync();
        Pass(peer, 10);
        Pass(peer, 5);

        await Assert.ThrowsAsync<RpcException>(() => reading);
        await Assert.ThrowsAsync<IOException>(() => write.WaitAsync(DirectPeer.Bound));
    }

    private static void Pass(DirectPeer peer, int ticks)
    {
        for (int i = 0; i < ticks; i++)
        {
            peer.Time.Advance(TimeSpan.FromSeconds(2));
        }
    }
}
