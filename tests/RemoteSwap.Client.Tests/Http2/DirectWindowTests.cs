using System.Buffers.Binary;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>What the server may send is given back, half a window at a time, and never more than it used.</summary>
public sealed class DirectWindowTests
{
    private const int Window = 4 << 20;
    private const int Frame = 128 << 10;

    [Fact]
    public async Task It_is_given_back_at_half_on_both()
    {
        using DirectPeer peer = new();
        peer.Send(Frames.Settings(), Frames.Response());
        await SendAsync(peer, Window / 2);
        Assert.Empty(Updates(peer));

        // One byte more than half, and a second time with the filling of padded frames.
        peer.Send(Frames.Data([0]));
        peer.Send(Frames.Data([0, 0, 0, 0]));
        Assert.True(await peer.NextAsync());
        await FlushAsync(peer);
        Assert.Equal([(0, (Window / 2) + 1), (1, (Window / 2) + 1)], Updates(peer));
    }

    [Fact]
    public async Task All_that_was_used_is_given_back_whatever_it_was()
    {
        using DirectPeer peer = new();
        peer.Send(Frames.Settings(), Frames.Response());
        byte[] small = Frames.Padded(Frames.Message(new byte[1000]), 255);
        int used = 0;
        for (int round = 0; round < 40; round++)
        {
            await SendAsync(peer, 3 * Frame);
            peer.Send(small);
            Assert.True(await peer.NextAsync());
            used += (3 * Frame) + small.Length - FrameHeader.Bytes;
        }

        await FlushAsync(peer);
        used += 5;
        foreach (int stream in (int[])[0, 1])
        {
            int given = Updates(peer).Where(update => update.Stream == stream).Sum(update => update.Bytes);
            Assert.InRange(given, used - (Window / 2), used);
        }
    }

    [Fact]
    public async Task Filling_is_given_back_too()
    {
        const int Frames256 = (Window / 2 / 256) + 1;
        byte[] filling = Frames.Padded([], 255);
        using DirectPeer peer = new();
        peer.Send(Frames.Settings(), Frames.Response());
        peer.Send([.. Enumerable.Repeat(filling, Frames256)]);

        await FlushAsync(peer);

        Assert.Equal([(0, Frames256 * 256), (1, Frames256 * 256)], Updates(peer));
    }

    /// <summary>So many bytes of DATA in messages of the largest frame.</summary>
    private static async Task SendAsync(DirectPeer peer, int bytes)
    {
        for (; bytes > 0; bytes -= Frame)
        {
            peer.Send(Frames.Data(Frames.Message(new byte[Frame - 5])));
            Assert.True(await peer.NextAsync());
        }
    }

    // Answers are sent when the reader waits next; what it waits for is already there.
    private static async Task FlushAsync(DirectPeer peer)
    {
        peer.Send(Frames.Data(Frames.Message([])));
        Assert.True(await peer.NextAsync());
    }

    private static List<(int Stream, int Bytes)> Updates(DirectPeer peer) => [.. peer.Sent
        .Where(frame => frame.Header.Type == FrameType.WindowUpdate)
        .Select(frame => (frame.Header.Stream, (int)BinaryPrimitives.ReadUInt32BigEndian(frame.Payload)))
        .Skip(1)];
}
