using Grpc.Core;
using RemoteSwap.Client.Http2;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>What is sent keeps to what the server takes, to the byte, and goes on when it takes more.</summary>
public sealed class DirectSendingTests
{
    private const int DefaultWindow = 65_535;

    [Fact]
    public async Task A_lone_message_is_written_when_the_call_returns()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        int before = peer.Connection.Writes.Count;

        ValueTask write = peer.Call.WriteAsync("abc"u8.ToArray(), more: false);

        Assert.True(write.IsCompletedSuccessfully);
        Assert.Equal(Frames.Data(Frames.Message("abc"u8)), Assert.Single(peer.Connection.Writes.Skip(before)));
    }

    [Fact]
    public async Task Messages_that_are_followed_by_others_go_together()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        int before = peer.Connection.Writes.Count;

        await peer.Call.WriteAsync([1], more: true);
        await peer.Call.WriteAsync([2], more: true);
        Assert.Equal(before, peer.Connection.Writes.Count);
        await peer.Call.WriteAsync([3], more: false);

        byte[] expected = [.. new byte[] { 1, 2, 3 }.SelectMany(value => Frames.Data(Frames.Message([value])))];
        Assert.Equal(expected, Assert.Single(peer.Connection.Writes.Skip(before)));
    }

    // No window sends them, so the reader does before it waits.
    [Fact]
    public async Task What_waits_for_another_message_is_sent_when_the_reader_waits()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        await peer.Call.WriteAsync([1], more: true);

        Task<bool> reading = peer.NextAsync();

        Assert.Equal(Frames.Message([1]), peer.SentData);
        peer.Connection.EndArriving();
        await Assert.ThrowsAsync<RpcException>(() => reading);
    }

    [Theory]
    [InlineData(16_384)]
    [InlineData(16_385)]
    [InlineData(65_536)]
    [InlineData(131_072)]
    [InlineData(1_000_000)]
    public async Task No_frame_is_larger_than_announced(int announced)
    {
        using DirectPeer peer = await DirectPeer.StartAsync(
            (Http2Setting.MaxFrameSize, (uint)announced), (Http2Setting.InitialWindowSize, 10_000_000));
        peer.Send(Frames.Window(0, 10_000_000), Frames.Data(Frames.Message([])));
        Assert.True(await peer.NextAsync());
        byte[] message = Bytes(300_000);

        await peer.Call.WriteAsync(message, more: false).AsTask().WaitAsync(DirectPeer.Bound);

        await DirectPeer.UntilAsync(() => peer.SentData.Length == message.Length + 5);
        Assert.Equal(Frames.Message(message), peer.SentData);
        Assert.Equal(
            Math.Min(announced, 128 << 10),
            peer.Sent.Where(frame => frame.Header.Type == FrameType.Data).Max(frame => frame.Header.Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task It_stops_at_either_window_and_goes_on(int narrow)
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        int wide = 1 - narrow;
        peer.Send(Frames.Window(wide, 1_000_000), Frames.Data(Frames.Message([])));
        Assert.True(await peer.NextAsync());
        Task<bool> reading = peer.NextAsync();
        byte[] message = Bytes(100_000);

        Task write = peer.Call.WriteAsync(message, more: false).AsTask();
        await DirectPeer.UntilAsync(() => peer.SentData.Length >= DefaultWindow);
        Assert.Equal(DefaultWindow, peer.SentData.Length);

        peer.Send(Frames.Window(narrow, 7));
        await DirectPeer.UntilAsync(() => peer.SentData.Length >= DefaultWindow + 7);
        Assert.Equal(DefaultWindow + 7, peer.SentData.Length);
        Assert.False(write.IsCompleted);

        peer.Send(Frames.Window(narrow, 100_000));
        await write.WaitAsync(DirectPeer.Bound);
        Assert.Equal(Frames.Message(message), peer.SentData);
        peer.Connection.EndArriving();
        await Assert.ThrowsAsync<RpcException>(() => reading);
    }

    // The first window shrinks by more than is left of the stream's: that one is then less than nothing.
    [Fact]
    public async Task A_window_may_be_less_than_nothing()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        await peer.Call.WriteAsync(Bytes(60_000 - 5), more: false);
        peer.Send(
            Frames.Settings((Http2Setting.InitialWindowSize, 10_000)),
            Frames.Window(0, 1_000_000),
            Frames.Data(Frames.Message([])));
        Assert.True(await peer.NextAsync());
        Task<bool> reading = peer.NextAsync();

        Task write = peer.Call.WriteAsync(Bytes(5), more: false).AsTask();
        peer.Send(Frames.Window(1, 50_000));
        peer.Send(Frames.Ping());
        await DirectPeer.UntilAsync(() => peer.Sent.Any(frame => frame.Header.Type == FrameType.Ping));
        Assert.Equal(60_000, peer.SentData.Length);

        peer.Send(Frames.Settings((Http2Setting.InitialWindowSize, 10_003)));
        await DirectPeer.UntilAsync(() => peer.SentData.Length > 60_000);
        Assert.Equal(60_003, peer.SentData.Length);

        peer.Send(Frames.Window(1, 7));
        await write.WaitAsync(DirectPeer.Bound);
        Assert.Equal(60_010, peer.SentData.Length);
        peer.Connection.EndArriving();
        await Assert.ThrowsAsync<RpcException>(() => reading);
    }

    [Fact]
    public async Task A_server_that_takes_nothing_bounds_what_waits()
    {
        using DirectPeer peer = await DirectPeer.StartAsync((Http2Setting.InitialWindowSize, int.MaxValue));
        peer.Send(Frames.Window(0, 1_000_000_000), Frames.Data(Frames.Message([])));
        Assert.True(await peer.NextAsync());
        peer.Connection.Hold();

        // The first is being written; the others wait behind it.
        Task first = peer.Call.WriteAsync(Bytes(100), more: false).AsTask();
        int written = 0;
        Task last = Task.CompletedTask;
        while (last.IsCompletedSuccessfully)
        {
            last = peer.Call.WriteAsync(Bytes(1000), more: false).AsTask();
            written++;
        }

        Assert.Equal(FrameOutput.MostUnsent / (1000 + 5 + FrameHeader.Bytes) + 1, written);
        Assert.False(first.IsCompleted);
        peer.Connection.Release();
        await Task.WhenAll(first, last).WaitAsync(DirectPeer.Bound);
        await DirectPeer.UntilAsync(() => peer.SentData.Length == 105 + (written * 1005));
        Assert.Equal(1, peer.Connection.MostWriting);
        Assert.Equal(0, peer.Connection.ChangedUnderway);
    }

    [Fact]
    public async Task The_end_is_an_empty_frame()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();

        await peer.Call.CompleteAsync();

        Assert.Equal(new FrameHeader(0, FrameType.Data, FrameFlags.EndStream, 1), peer.Sent[^1].Header);
    }

    // Many threads would be one writer too many; one writer and the reader's answers are what there is.
    [Fact]
    public async Task Answers_between_messages_neither_tear_nor_reorder_them()
    {
        using DirectPeer peer = await DirectPeer.StartAsync((Http2Setting.InitialWindowSize, int.MaxValue));
        peer.Send(Frames.Window(0, 1_000_000_000), Frames.Data(Frames.Message([])));
        Assert.True(await peer.NextAsync());
        Task<bool> reading = peer.NextAsync();
        Task pings = Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                peer.Send(Frames.Ping());
                await Task.Yield();
            }
        });
        List<byte> expected = [];
        for (int i = 0; i < 500; i++)
        {
            byte[] message = Bytes(i * 37 % 5000);
            expected.AddRange(Frames.Message(message));
            await peer.Call.WriteAsync(message, more: i % 3 == 0).AsTask().WaitAsync(DirectPeer.Bound);
        }

        await peer.Call.CompleteAsync().WaitAsync(DirectPeer.Bound);
        await pings;
        await DirectPeer.UntilAsync(() => peer.Sent.Count(frame => frame.Header.Type == FrameType.Ping) == 500);
        await DirectPeer.UntilAsync(() => peer.SentData.Length == expected.Count);
        Assert.Equal(expected, peer.SentData);
        Assert.Equal(1, peer.Connection.MostWriting);
        Assert.Equal(0, peer.Connection.ChangedUnderway);
        peer.Connection.EndArriving();
        await Assert.ThrowsAsync<RpcException>(() => reading);
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
