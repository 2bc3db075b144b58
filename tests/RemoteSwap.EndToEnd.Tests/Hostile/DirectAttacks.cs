using RemoteSwap.V1;
using Google.Protobuf;

namespace RemoteSwap.EndToEnd.Tests.Hostile;

/// <summary>
/// What a peer can do that promises to open one stream, and so meets the server's own HTTP/2 instead of the web
/// server's.
/// </summary>
internal static class DirectAttacks
{
    private const string Exchange = "/remoteswap.v1.PageStoreService/Exchange";
    private const ushort SingleStream = 0xF5A1;
    private const ushort InitialWindow = 4;
    private const int Crowd = 40;
    private const int Floods = 4;
    private const int FloodBytes = 24 << 20;
    private const int LongHeaderBytes = 16_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>An opening without a head: each connection is closed for it.</summary>
    public static Task DirectNoHead(Uri server, CancellationToken ct) =>
        CrowdAsync(server, peer => peer.EndsAsync(ct));

    /// <summary>Peers that are gone without a word within their stream: they answer no ping.</summary>
    public static Task DirectHalfOpen(Uri server, CancellationToken ct) => CrowdAsync(server, async peer =>
    {
        await OpenAsync(peer, ct);
        await peer.EndsAsync(ct);
    });

    /// <summary>A head that is larger than heads may be, whole and in pieces.</summary>
    public static Task DirectLongHead(Uri server, CancellationToken ct) => CrowdAsync(server, async peer =>
    {
        byte[] block = Http2Peer.Call(Exchange, ("x-long", new string('v', LongHeaderBytes)));
        await peer.SendAsync(Http2Peer.Frame(FrameType.Headers, 0, 1, block), ct);
        await peer.EndsAsync(ct);
    });

    /// <summary>Pings whose answers nobody reads.</summary>
    public static Task DirectPingFlood(Uri server, CancellationToken ct) =>
        FloodAsync(server, Http2Peer.Frame(FrameType.Ping, 0, 0, new byte[8]), ct);

    /// <summary>Settings whose acknowledgements nobody reads.</summary>
    public static Task DirectSettingsFlood(Uri server, CancellationToken ct) =>
        FloodAsync(server, Http2Peer.Frame(FrameType.Settings, 0, 0, [0, 4, 0, 1, 0, 0]), ct);

    /// <summary>Empty frames of data without end: nothing is asked, and nothing taken from a window.</summary>
    public static Task DirectEmptyData(Uri server, CancellationToken ct) =>
        FloodAsync(server, Http2Peer.Frame(FrameType.Data, 0, 1, []), ct);

    /// <summary>Large replies that are asked for and for which no window is given.</summary>
    public static Task DirectNoWindow(Uri server, CancellationToken ct) => CrowdAsync(
        server,
        async peer =>
        {
            const int Asked = 64;
            await OpenAsync(peer, ct);
            for (uint request = 1; request <= Asked; request++)
            {
                ExchangeRequest ping = new()
                {
                    RequestId = request,
                    Ping = new PingRequest { ReplyPages = 512, ReplyPageBytes = 4096 },
                };
                await peer.TrySendAsync(
                    Http2Peer.Data(1, Attacks.Framed(ping.ToByteArray(), flag: 0), isLast: false), s_patience);
            }

            // As long as it takes a server to make all that it is going to make.
            await Task.Delay(s_patience, ct);
        },
        (InitialWindow, 0));

    /// <summary>Large messages that are begun and never whole.</summary>
    public static Task DirectHeldMessages(Uri server, CancellationToken ct) => CrowdAsync(server, async peer =>
    {
        await OpenAsync(peer, ct);
        byte[] begun = Attacks.Framed(new byte[4 << 20], flag: 0)[..(900 << 10)];
        await peer.TrySendAsync(Http2Peer.Data(1, begun, isLast: false), s_patience);
        await Task.Delay(s_patience, ct);
    });

    /// <summary>Connections that are opened and reset at once, over and over.</summary>
    public static Task DirectRapidReset(Uri server, CancellationToken ct) => Task.WhenAll(
        Enumerable.Range(0, 8).Select(async _ =>
        {
            const int Calls = 200;
            for (int i = 0; i < Calls; i++)
            {
                await using Http2Peer peer = await Http2Peer.ConnectAsync(server, (SingleStream, 1));
                await peer.TrySendAsync(
                    [
                        .. Http2Peer.Frame(FrameType.Headers, Http2Peer.EndHeaders, 1, Http2Peer.Call(Exchange)),
                        .. Http2Peer.Frame(FrameType.ResetStream, 0, 1, [0, 0, 0, 8]),
                    ],
                    s_patience);
            }
        }));

    private static Task OpenAsync(Http2Peer peer, CancellationToken ct) => peer.SendAsync(
        Http2Peer.Frame(FrameType.Headers, Http2Peer.EndHeaders, 1, Http2Peer.Call(Exchange)), ct);

    // Enough of them that every poller of the server's has one, with whoever else it serves.
    private static Task FloodAsync(Uri server, byte[] frame, CancellationToken ct) =>
        Task.WhenAll(Enumerable.Range(0, Floods).Select(_ => FloodOnceAsync(server, frame, ct)));

    private static async Task FloodOnceAsync(Uri server, byte[] frame, CancellationToken ct)
    {
        await using Http2Peer peer = await Http2Peer.ConnectAsync(server, (SingleStream, 1));
        byte[] many = [.. Enumerable.Repeat(frame, 1000).SelectMany(bytes => bytes)];
        await OpenAsync(peer, ct);
        bool goesOn = true;
        for (int sent = 0; goesOn && sent < FloodBytes && !ct.IsCancellationRequested; sent += many.Length)
        {
            goesOn = await peer.TrySendAsync(many, s_patience);
        }
    }

    private static async Task CrowdAsync(
        Uri server, Func<Http2Peer, Task> attack, params (ushort Id, uint Value)[] settings) =>
        await Task.WhenAll(Enumerable.Range(0, Crowd).Select(async _ =>
        {
            await using Http2Peer peer = await Http2Peer.ConnectAsync(server, [(SingleStream, 1), .. settings]);
            await attack(peer);
        }));
}
