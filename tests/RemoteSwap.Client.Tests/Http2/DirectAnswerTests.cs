using Grpc.Core;
using RemoteSwap.Client.Http2;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>What the connection itself asks for is answered, but not without bound.</summary>
public sealed class DirectAnswerTests
{
    [Fact]
    public async Task Settings_are_acknowledged_and_pings_answered_before_it_waits()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Send(Frames.Ping(), Frames.Settings((Http2Setting.MaxConcurrentStreams, 0)), Frames.Ping(isAnswer: true));
        Task<bool> reading = peer.NextAsync();
        peer.Send(Frames.Data(Frames.Message([])));
        Assert.True(await reading);

        Assert.Equal(
            [
                Frames.Of(FrameType.Settings, FrameFlags.EndStream, 0, []),
                Frames.Of(FrameType.Ping, FrameFlags.EndStream, 0, "12345678"u8),
                Frames.Of(FrameType.Settings, FrameFlags.EndStream, 0, []),
            ],
            [.. await AnswersAsync(peer)]);
    }

    // An answer to settings is none of ours to answer.
    [Fact]
    public async Task An_acknowledgement_is_not_acknowledged()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        int before = (await AnswersAsync(peer)).Count;
        peer.Send(Frames.Of(FrameType.Settings, FrameFlags.EndStream, 0, []), Frames.Data(Frames.Message([])));
        Assert.True(await peer.NextAsync());

        Assert.Equal(before, (await AnswersAsync(peer)).Count);
    }

    [Fact]
    public async Task A_server_that_asks_and_takes_nothing_is_left()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Connection.Hold();
        for (int i = 0; i < 1000; i++)
        {
            peer.Send(Frames.Ping());
        }

        Status status = await peer.FailureAsync();

        Assert.Equal(StatusCode.Unavailable, status.StatusCode);
        Assert.Equal(Http2Error.EnhanceYourCalm, Assert.IsType<ProtocolBreach>(status.DebugException).Error);
        Assert.True(peer.Connection.IsDisposed);
    }

    [Fact]
    public async Task A_server_that_takes_them_may_ask_without_end()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        for (int i = 0; i < 1000; i++)
        {
            peer.Send(Frames.Ping());
        }

        peer.Send(Frames.Trailers("grpc-status: 0"));

        Assert.False(await peer.NextAsync());
        Assert.Equal(1000, peer.Sent.Count(frame => frame.Header.Type == FrameType.Ping));
    }

    // One message more, so that the reader has waited, and so has sent what it had to.
    private static async Task<List<byte[]>> AnswersAsync(DirectPeer peer)
    {
        Task<bool> reading = peer.NextAsync();
        peer.Send(Frames.Data(Frames.Message([])));
        Assert.True(await reading);
        return
        [
            .. peer.Sent
                .Where(frame => frame.Header.Type is FrameType.Ping
                    || (frame.Header.Type == FrameType.Settings && frame.Header.Has(FrameFlags.EndStream)))
                .Select(frame => Frames.Of(
                    frame.Header.Type, frame.Header.Flags, frame.Header.Stream, frame.Payload)),
        ];
    }
}
