using CsCheck;
using Grpc.Core;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>
/// A server that does not keep to the protocol is told so, and the call ends as with a broken connection.
/// </summary>
public sealed class DirectBreachTests
{
    private const int MostFrame = 128 << 10;
    private const FrameFlags Ack = FrameFlags.EndStream;

    private static readonly (string Name, Http2Error Error, byte[][] Frames)[] s_first =
    [
        ("no settings first", Http2Error.Protocol, [Frames.Response()]),
        ("an answer to settings first", Http2Error.Protocol, [Of(FrameType.Settings, Ack, 0, 0)]),
        ("HTTP/1.1", Http2Error.FrameSize, ["HTTP/1.1 400 Bad Request\r\n"u8.ToArray()]),
        ("data before the response", Http2Error.Protocol, [Frames.Settings(), Frames.Data([1])]),
        ("data after an announcement", Http2Error.Protocol,
            [Frames.Settings(), Frames.Head(false, ":status: 103"), Frames.Data([1])]),
        ("an announcement that ends", Http2Error.Protocol, [Frames.Settings(), Frames.Head(true, ":status: 103")]),
        ("no status", Http2Error.Protocol, [Frames.Settings(), Frames.Head(true, "grpc-status: 0")]),
        ("no status after an announcement", Http2Error.Protocol,
            [Frames.Settings(), Frames.Head(false, ":status: 103"), Frames.Head(true, "grpc-status: 0")]),
        ("a status beyond all", Http2Error.Protocol, [Frames.Settings(), Frames.Head(true, ":status: 600")]),
        ("a status below all", Http2Error.Protocol, [Frames.Settings(), Frames.Head(true, ":status: 99")]),
        ("a status of letters", Http2Error.Protocol, [Frames.Settings(), Frames.Head(true, ":status: ok")]),
        ("another stream's head", Http2Error.Protocol,
            [Frames.Settings(), Frames.Of(FrameType.Headers, FrameFlags.EndHeaders, 3, Frames.Block(":status: 200"))]),
        ("a head that refers to a table", Http2Error.Compression,
            [Frames.Settings(), Frames.Of(FrameType.Headers, FrameFlags.EndHeaders, 1, HeadBytes.Indexed(62))]),
        ("a head within a head", Http2Error.Protocol, [Frames.Settings(), Part(), Frames.Response()]),
        ("a ping within a head", Http2Error.Protocol, [Frames.Settings(), Part(), Frames.Ping()]),
        ("an unknown frame within a head", Http2Error.Protocol,
            [Frames.Settings(), Part(), Of((FrameType)0x30, FrameFlags.None, 0, 3)]),
        ("another stream's continuation", Http2Error.Protocol,
            [Frames.Settings(), Part(), Of(FrameType.Continuation, FrameFlags.EndHeaders, 3, 0)]),
        ("a head beyond 16 KiB", Http2Error.EnhanceYourCalm,
            [Frames.Settings(), Part(), Of(FrameType.Continuation, FrameFlags.None, 1, 16 << 10)]),
        ("a head of only filling", Http2Error.Protocol,
            [Frames.Settings(), Frames.Of(FrameType.Headers, FrameFlags.Padded, 1, [1])]),
        ("a head of no filling", Http2Error.Protocol,
            [Frames.Settings(), Frames.Of(FrameType.Headers, FrameFlags.Padded, 1, [])]),
        ("a head with a cut priority", Http2Error.FrameSize,
            [Frames.Settings(), Of(FrameType.Headers, FrameFlags.Priority, 1, 4)]),
    ];

    private static readonly (string Name, Http2Error Error, byte[][] Frames)[] s_later =
    [
        ("trailers that do not end", Http2Error.Protocol, [Frames.Head(false, "grpc-status: 0")]),
        ("trailers with a status", Http2Error.Protocol, [Frames.Trailers(":status: 200", "grpc-status: 0")]),
        ("a continuation of nothing", Http2Error.Protocol, [Of(FrameType.Continuation, FrameFlags.EndHeaders, 1, 0)]),
        ("a pushed stream", Http2Error.Protocol, [Of(FrameType.PushPromise, FrameFlags.EndHeaders, 1, 4)]),
        ("a frame beyond 128 KiB", Http2Error.FrameSize, [Of(FrameType.Data, FrameFlags.None, 1, MostFrame + 1)]),
        ("data with only filling", Http2Error.Protocol, [Frames.Of(FrameType.Data, FrameFlags.Padded, 1, [3, 0, 0])]),
        ("data without filling", Http2Error.Protocol, [Frames.Of(FrameType.Data, FrameFlags.Padded, 1, [])]),
        ("another stream's data", Http2Error.Protocol, [Of(FrameType.Data, FrameFlags.None, 3, 1)]),
        ("the connection's data", Http2Error.Protocol, [Of(FrameType.Data, FrameFlags.None, 0, 1)]),
        ("another stream's reset", Http2Error.Protocol, [Frames.Number(FrameType.ResetStream, 0, 1)]),
        ("another stream's window", Http2Error.Protocol, [Frames.Window(3, 1)]),
        ("a stream's ping", Http2Error.Protocol, [Of(FrameType.Ping, FrameFlags.None, 1, 8)]),
        ("a stream's settings", Http2Error.Protocol, [Of(FrameType.Settings, FrameFlags.None, 1, 6)]),
        ("a stream's goaway", Http2Error.Protocol, [Of(FrameType.GoAway, FrameFlags.None, 1, 8)]),
        ("a window of nothing", Http2Error.Protocol, [Frames.Window(1, 0)]),
        ("a connection's window of nothing", Http2Error.Protocol, [Frames.Window(0, 0x8000_0000)]),
        ("a window too wide", Http2Error.FlowControl, [Frames.Window(1, int.MaxValue)]),
        ("a connection's window too wide", Http2Error.FlowControl, [Frames.Window(0, int.MaxValue)]),
        ("a first window too wide", Http2Error.FlowControl,
            [Frames.Settings((Http2Setting.InitialWindowSize, 0x8000_0000))]),
        ("a first window that widens too far", Http2Error.FlowControl,
            [Frames.Window(1, 1000), Frames.Settings((Http2Setting.InitialWindowSize, int.MaxValue))]),
        ("a largest frame too small", Http2Error.Protocol, [Frames.Settings((Http2Setting.MaxFrameSize, 16_383))]),
        ("a largest frame too large", Http2Error.Protocol, [Frames.Settings((Http2Setting.MaxFrameSize, 1 << 24))]),
        ("a server that takes pushed streams", Http2Error.Protocol, [Frames.Settings((Http2Setting.EnablePush, 1))]),
        ("an answer to settings with settings", Http2Error.FrameSize, [Of(FrameType.Settings, Ack, 0, 6)]),
        .. Lengths(FrameType.Ping, 0, 0, 7, 9, 16),
        .. Lengths(FrameType.Settings, 0, 1, 5, 7, 11),
        .. Lengths(FrameType.WindowUpdate, 0, 0, 3, 5),
        .. Lengths(FrameType.WindowUpdate, 1, 0, 3, 5),
        .. Lengths(FrameType.ResetStream, 1, 0, 3, 5),
        .. Lengths(FrameType.GoAway, 0, 0, 4, 7),
    ];

    public static TheoryData<string> First => [.. s_first.Select(breach => breach.Name)];

    public static TheoryData<string> Later => [.. s_later.Select(breach => breach.Name)];

    [Theory]
    [MemberData(nameof(First))]
    public async Task A_breach_at_the_beginning(string name)
    {
        (_, Http2Error error, byte[][] frames) = Array.Find(s_first, breach => breach.Name == name);
        using DirectPeer peer = new();
        peer.Send(frames);

        await peer.RequireBreachAsync(error);
    }

    [Theory]
    [MemberData(nameof(Later))]
    public async Task A_breach_later(string name)
    {
        (_, Http2Error error, byte[][] frames) = Array.Find(s_later, breach => breach.Name == name);
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Send(frames);

        await peer.RequireBreachAsync(error);
    }

    [Fact]
    public async Task What_is_unknown_is_passed_over_and_what_is_allowed_taken()
    {
        byte[] block = Frames.Block(":status: 200", "content-type: application/grpc");
        using DirectPeer peer = new();
        peer.Send(
            Frames.Settings(((Http2Setting)0x99, 7), (Http2Setting.EnablePush, 0), (Http2Setting.SingleStream, 1)),
            Of((FrameType)0x30, (FrameFlags)0xFF, 9, 100),
            Of(FrameType.Priority, FrameFlags.None, 5, 5),
            Frames.Of(
                FrameType.Headers, FrameFlags.Padded | FrameFlags.Priority, 1, [2, 0, 0, 0, 0, 9, .. block[..4], 0, 0]),
            Of(FrameType.Continuation, FrameFlags.None, 1, 0),
            Frames.Of(FrameType.Continuation, FrameFlags.None, 1, block.AsSpan(4, 3)),
            Frames.Of(FrameType.Continuation, FrameFlags.EndHeaders, 1, block.AsSpan(7)),
            Frames.Data([]),
            Frames.Data(Frames.Message(new byte[MostFrame - 5])),
            Frames.GoAway(1, Http2Error.None),
            Frames.Trailers("grpc-status: 0"));

        Assert.True(await peer.NextAsync());
        Assert.Equal(MostFrame - 5, peer.Call.Current.Length);
        Assert.False(await peer.NextAsync());
    }

    // Whatever comes, it ends: with a message, well, or with a status of a call, never with another exception.
    [Fact]
    public void Random_frames_end_in_a_status() => Gen
        .Select(Gen.Byte[0, 11], Gen.Byte, Gen.Int[0, 2], Gen.Byte.Array[0, 20]).Array[0, 12]
        .Sample(frames =>
        {
            using DirectPeer peer = DirectPeer.StartAsync().GetAwaiter().GetResult();
            foreach ((byte type, byte flags, int stream, byte[] payload) in frames)
            {
                peer.Send(Frames.Of((FrameType)type, (FrameFlags)flags, stream, payload));
            }

            peer.Connection.EndArriving();
            try
            {
                while (peer.NextAsync().GetAwaiter().GetResult())
                {
                    // Read on.
                }
            }
            catch (RpcException ended)
            {
                Assert.True(ended.Status.DebugException is null or IOException, ended.ToString());
            }
        },
        iter: 5000,
        threads: 1);

    private static byte[] Part() => Frames.Of(FrameType.Headers, FrameFlags.None, 1, Frames.Block(":status: 200"));

    private static byte[] Of(FrameType type, FrameFlags flags, int stream, int bytes) =>
        Frames.Of(type, flags, stream, new byte[bytes]);

    private static IEnumerable<(string, Http2Error, byte[][])> Lengths(
        FrameType type, int stream, params int[] lengths) => lengths
        .Where(length => type != FrameType.Settings || length != 0)
        .Select(length => (
            $"{type} of {length} bytes on {stream}", Http2Error.FrameSize,
            (byte[][])[Of(type, FrameFlags.None, stream, length)]));
}
