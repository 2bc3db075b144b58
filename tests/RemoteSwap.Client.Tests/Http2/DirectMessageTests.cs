using CsCheck;
using Grpc.Core;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Messages are what the server sent, however it cuts them into frames, and the network into reads.</summary>
public sealed class DirectMessageTests
{
    private const int Most = 4 << 20;
    private const int MostFrame = 128 << 10;

    [Fact]
    public Task Several_messages_in_one_frame() =>
        CheckAsync([[1, 2, 3], [], [4], []], bytes => Frames.Data(bytes), int.MaxValue);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(1000)]
    public Task One_message_over_many_frames(int frameBytes) =>
        CheckAsync([Bytes(3000), [], Bytes(7)], bytes => Frames.DataInFrames(bytes, frameBytes), int.MaxValue);

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public Task Filling_is_no_part_of_a_message(byte filling) => CheckAsync(
        [Bytes(300), Bytes(20)],
        bytes => [.. bytes.Chunk(100).SelectMany(part => Frames.Padded(part, filling))],
        int.MaxValue);

    [Fact]
    public Task The_largest_messages_in_the_largest_frames() => CheckAsync(
        [Bytes(Most), Bytes(Most - 1), Bytes(MostFrame - 5), Bytes(MostFrame)],
        bytes => Frames.DataInFrames(bytes, MostFrame),
        10_007);

    [Fact]
    public void Every_cut_of_three_messages_into_frames_and_reads() => Gen
        .Select(Gen.Byte.Array[0, 40].Array[3], Gen.Int[1, 60].Array[1, 40], Gen.Int[1, 60].Array[1, 40])
        .Sample(
            (messages, frames, reads) => CheckAsync(messages, frames, reads).GetAwaiter().GetResult(),
            iter: 3000,
            threads: 1);

    [Fact]
    public async Task A_message_above_the_limit_is_refused_by_name()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Send(Frames.Data([0, 0, 0x40, 0, 1]));

        Status status = await peer.FailureAsync();

        Assert.Equal(StatusCode.ResourceExhausted, status.StatusCode);
        Assert.Contains("4194305", status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_message_is_a_breach()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Send(Frames.Data([1, 0, 0, 0, 1, 7]));

        await peer.RequireBreachAsync(Http2Error.Protocol);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task A_stream_that_ends_within_a_message_is_broken(int bytes)
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Send(Frames.Data(Frames.Message("abc"u8).AsSpan(0, bytes), ends: true));

        Status status = await peer.FailureAsync();

        Assert.Equal(StatusCode.Unavailable, status.StatusCode);
        Assert.IsType<IOException>(status.DebugException);
    }

    [Fact]
    public async Task A_message_that_ends_with_the_stream_is_whole_and_the_status_is_missing()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Send(Frames.Data(Frames.Message("abc"u8), ends: true));

        Assert.True(await peer.NextAsync());
        Assert.Equal("abc"u8.ToArray(), peer.Call.Current);
        Assert.Equal(StatusCode.Unavailable, (await peer.FailureAsync()).StatusCode);
    }

    /// <summary>Frames and reads of these lengths, over and over.</summary>
    internal static Task CheckAsync(byte[][] messages, int[] frames, int[] reads)
    {
        int frame = 0;
        return CheckAsync(
            messages,
            bytes =>
            {
                List<byte> all = [];
                for (int at = 0; at < bytes.Length;)
                {
                    int length = Math.Min(frames[frame++ % frames.Length], bytes.Length - at);
                    all.AddRange(Frames.Data(bytes.AsSpan(at, length)));
                    at += length;
                }

                return [.. all];
            },
            reads);
    }

    private static Task CheckAsync(byte[][] messages, Func<byte[], byte[]> frame, params int[] reads) =>
        CheckAsync(messages, frame([.. messages.SelectMany(message => Frames.Message(message))]), reads);

    private static async Task CheckAsync(byte[][] messages, byte[] data, int[] reads)
    {
        using DirectPeer peer = new();
        byte[] all =
        [
            .. Frames.Settings(), .. Frames.Response(), .. data, .. Frames.Trailers("grpc-status: 0"),
        ];
        int read = 0;
        for (int at = 0; at < all.Length;)
        {
            int length = Math.Min(reads[read++ % reads.Length], all.Length - at);
            peer.Connection.Arrive(all.AsMemory(at, length));
            at += length;
        }

        foreach (byte[] message in messages)
        {
            Assert.True(await peer.NextAsync());
            Assert.True(message.AsSpan().SequenceEqual(peer.Call.Current), "a message is not what was sent");
        }

        Assert.False(await peer.NextAsync());
        Assert.Equal(StatusCode.OK, peer.Call.Status.StatusCode);
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
