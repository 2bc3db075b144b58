using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;
using RemoteSwap.V1;

namespace RemoteSwap.EndToEnd.Tests.Hostile;

/// <summary>
/// What a peer can do to a server that speaks HTTP/2. Each ends by itself; where the server has to defend itself by
/// closing, it waits for that.
/// </summary>
internal static class Attacks
{
    private const string Exchange = "/remoteswap.v1.PageStoreService/Exchange";
    private const string Store = "/remoteswap.v1.PageStoreService/Store";
    private const string Ping = "/remoteswap.v1.PageStoreService/Ping";
    private const string Reflection = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
    private const ushort InitialWindow = 4;
    private const int Crowd = 40;
    private const int FloodBytes = 24 << 20;

    // A header that fills a frame of headers, and so many of them are a little less than a mebibyte.
    private const int LongHeaderBytes = 16_000;
    private const int LongHeaders = 60;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Headers that do not end: each connection is closed for it.</summary>
    public static Task SlowHeaders(Uri server, CancellationToken ct) => CrowdAsync(server, async peer =>
    {
        byte[] block = Http2Peer.Call(Store);
        await peer.SendAsync(Http2Peer.Frame(FrameType.Headers, 0, 1, block.AsSpan(0, 20)), ct);
        await peer.EndsAsync(ct);
    });

    /// <summary>A body of which a byte comes now and then: the call is ended for it.</summary>
    public static Task SlowBody(Uri server, CancellationToken ct) => CrowdAsync(server, async peer =>
    {
        await peer.SendAsync(Http2Peer.Frame(FrameType.Headers, Http2Peer.EndHeaders, 1, Http2Peer.Call(Store)), ct);
        await peer.SendAsync(Http2Peer.Data(1, [0, 0, 0, 16, 0, 1], isLast: false), ct);
        await peer.ReadUntilAsync(
            frame => frame.Type is FrameType.ResetStream or FrameType.GoAway
                || (frame.Type is FrameType.Headers && frame.Stream == 1),
            ct);
    });

    /// <summary>Peers that are gone without a word: they answer no ping, and their connections are closed.</summary>
    public static Task HalfOpen(Uri server, CancellationToken ct) => CrowdAsync(server, peer => peer.EndsAsync(ct));

    /// <summary>A stream with headers without end.</summary>
    public static Task EndlessHeaders(Uri server, CancellationToken ct) => CrowdAsync(server, async peer =>
    {
        byte[] more = Http2Peer.Frame(FrameType.Continuation, 0, 1, LongHeader());
        bool goesOn = await peer.TrySendAsync(
            Http2Peer.Frame(FrameType.Headers, 0, 1, Http2Peer.Call(Store)), s_patience);
        for (int sent = 0; goesOn && sent < FloodBytes / Crowd * 4 && !ct.IsCancellationRequested; sent += more.Length)
        {
            goesOn = await peer.TrySendAsync(more, s_patience);
        }
    });

    /// <summary>Many calls with nearly a mebibyte of headers each, that do not end.</summary>
    public static Task HeldHeaders(Uri server, CancellationToken ct) => CrowdAsync(server, 4 * Crowd, async peer =>
    {
        byte[] more = Http2Peer.Frame(FrameType.Continuation, 0, 1, LongHeader());
        bool goesOn = await peer.TrySendAsync(
            Http2Peer.Frame(FrameType.Headers, 0, 1, Http2Peer.Call(Store)), s_patience);
        for (int header = 0; goesOn && header < LongHeaders; header++)
        {
            goesOn = await peer.TrySendAsync(more, s_patience);
        }

        await peer.EndsAsync(ct);
    });

    /// <summary>Frames of headers that have no bytes and no end.</summary>
    public static Task EmptyContinuations(Uri server, CancellationToken ct) =>
        FloodAsync(server, Http2Peer.Frame(FrameType.Headers, 0, 1, Http2Peer.Call(Store)),
            Http2Peer.Frame(FrameType.Continuation, 0, 1, []), ct);

    /// <summary>Pings whose answers nobody reads.</summary>
    public static Task PingFlood(Uri server, CancellationToken ct) =>
        FloodAsync(server, [], Http2Peer.Frame(FrameType.Ping, 0, 0, new byte[8]), ct);

    /// <summary>Settings whose acknowledgements nobody reads.</summary>
    public static Task SettingsFlood(Uri server, CancellationToken ct) =>
        FloodAsync(server, [], Http2Peer.Frame(FrameType.Settings, 0, 0, [0, 4, 0, 1, 0, 0]), ct);

    /// <summary>More streams than a connection may have: the others are refused.</summary>
    public static async Task StreamFlood(Uri server, CancellationToken ct)
    {
        const int Streams = 3000;
        await using Http2Peer peer = await Http2Peer.ConnectAsync(server);
        Task<bool> refused = peer.ReadUntilAsync(
            frame => frame.Type is FrameType.ResetStream or FrameType.GoAway, ct);
        for (int stream = 1; stream < 2 * Streams; stream += 2)
        {
            byte[] call = Http2Peer.Frame(FrameType.Headers, Http2Peer.EndHeaders, stream, Http2Peer.Call(Exchange));
            if (!await peer.TrySendAsync(call, s_patience))
            {
                break;
            }
        }

        // Refused, or closed as a whole.
        await refused;
    }

    /// <summary>Calls that are taken back at once (CVE-2023-44487).</summary>
    public static Task RapidReset(Uri server, CancellationToken ct) => CrowdAsync(server, async peer =>
    {
        const int Calls = 3000;
        Task reading = peer.EndsAsync(ct);
        byte[] block = Http2Peer.Call(Exchange);
        bool goesOn = true;
        for (int stream = 1; goesOn && stream < 2 * Calls; stream += 2)
        {
            goesOn = await peer.TrySendAsync(
                [
                    .. Http2Peer.Frame(FrameType.Headers, Http2Peer.EndHeaders, stream, block),
                    .. Http2Peer.Frame(FrameType.ResetStream, 0, stream, [0, 0, 0, 8]),
                ],
                s_patience);
        }

        await peer.DisposeAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    });

    /// <summary>Large replies that are asked for and for which no window is given.</summary>
    public static async Task NoWindow(Uri server, CancellationToken ct)
    {
        const int Peers = 4;
        const int Streams = 90;
        byte[] message = new PingRequest { ReplyPages = 512, ReplyPageBytes = 4096 }.ToByteArray();
        List<Http2Peer> peers = [];
        for (int i = 0; i < Peers; i++)
        {
            Http2Peer peer = await Http2Peer.ConnectAsync(server, (InitialWindow, 0));
            peers.Add(peer);
            for (int stream = 1; stream < 2 * Streams; stream += 2)
            {
                await peer.TrySendAsync(
                    [
                        .. Http2Peer.Frame(FrameType.Headers, Http2Peer.EndHeaders, stream, Http2Peer.Call(Ping)),
                        .. Http2Peer.Data(stream, Framed(message, flag: 0), isLast: true),
                    ],
                    s_patience);
            }
        }

        // As long as it takes a server to make all that it is going to make.
        await Task.Delay(s_patience, ct);
        foreach (Http2Peer peer in peers)
        {
            await peer.DisposeAsync();
        }
    }

    /// <summary>A message of a stream that says it is small, compressed.</summary>
    public static async Task CompressedStream(Uri server, CancellationToken ct)
    {
        await using Http2Peer peer = await Http2Peer.ConnectAsync(server);
        byte[] call = Http2Peer.Call(Reflection, ("grpc-encoding", "gzip"));

        // List all services, which is answered; then the bomb. The server's window for a stream is larger than it.
        await peer.SendAsync(Http2Peer.Frame(FrameType.Headers, Http2Peer.EndHeaders, 1, call), ct);
        await peer.SendAsync(Http2Peer.Data(1, Framed([0x3A, 0], flag: 0), isLast: false), ct);
        Assert.True(await peer.ReadUntilAsync(frame => frame.Type is FrameType.Data && frame.Stream == 1, ct));
        await peer.SendAsync(Http2Peer.Data(1, Framed(Bomb(512 << 20), flag: 1), isLast: true), ct);
        Assert.True(await peer.ReadUntilAsync(
            frame => frame.Stream == 1 && (frame.Flags & Http2Peer.EndStream) != 0
                && frame.Type is FrameType.Headers or FrameType.Data,
            ct));
    }

    /// <summary>So many zeroes, compressed.</summary>
    public static byte[] Bomb(int bytes)
    {
        byte[] zeroes = new byte[1 << 20];
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Optimal))
        {
            for (int written = 0; written < bytes; written += zeroes.Length)
            {
                zip.Write(zeroes);
            }
        }

        return packed.ToArray();
    }

    /// <summary>A message as gRPC puts it on a stream.</summary>
    public static byte[] Framed(byte[] message, byte flag)
    {
        byte[] framed = [flag, 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        return framed;
    }

    private static byte[] LongHeader() => Http2Peer.Block(("x-long", new string('v', LongHeaderBytes)));

    private static async Task FloodAsync(Uri server, byte[] first, byte[] frame, CancellationToken ct)
    {
        await using Http2Peer peer = await Http2Peer.ConnectAsync(server);
        byte[] many = [.. Enumerable.Repeat(frame, 1000).SelectMany(bytes => bytes)];
        bool goesOn = await peer.TrySendAsync(first, s_patience);
        for (int sent = 0; goesOn && sent < FloodBytes && !ct.IsCancellationRequested; sent += many.Length)
        {
            goesOn = await peer.TrySendAsync(many, s_patience);
        }
    }

    private static Task CrowdAsync(Uri server, Func<Http2Peer, Task> attack) => CrowdAsync(server, Crowd, attack);

    private static async Task CrowdAsync(Uri server, int peers, Func<Http2Peer, Task> attack) =>
        await Task.WhenAll(Enumerable.Range(0, peers).Select(async _ =>
        {
            await using Http2Peer peer = await Http2Peer.ConnectAsync(server);
            await attack(peer);
        }));
}
