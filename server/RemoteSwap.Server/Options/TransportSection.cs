namespace RemoteSwap.Server.Options;

/// <summary>
/// Section "Transport": what a connection to the gRPC port may cost, whoever is at its other end. Nothing here touches
/// pages. How many connections there may be is Server:MaxConnections.
/// </summary>
internal sealed class TransportSection
{
    /// <summary>
    /// Calls and streams of one connection at a time, 1 to 100,000. Default 100: a device uses a handful. More are
    /// refused one by one (HTTP/2 REFUSED_STREAM), and the connection goes on.
    /// </summary>
    public int MaxStreams { get; set; } = 100;

    /// <summary>
    /// How long the headers of a call may take to arrive, 1s to 10m. Default 10s. A connection whose headers take
    /// longer is closed.
    /// </summary>
    public string HeadersTimeout { get; set; } = "10s";

    /// <summary>
    /// Bytes of a call's headers, all together and of one of them, 4KiB to 1MiB. Default 16KiB. A connection that sends
    /// more is closed.
    /// </summary>
    public string MaxHeaderBytes { get; set; } = "16KiB";

    /// <summary>
    /// How long a connection may be silent before it is asked for a sign of life (HTTP/2 PING), 1s to 10m. Default 30s;
    /// "off": it is never asked, so a client that is gone without a word keeps its connection.
    /// </summary>
    public string PingDelay { get; set; } = "30s";

    /// <summary>
    /// How long that sign may take, 1s to 10m. Default 30s. Without it the connection is closed; the areas of its
    /// clients are theirs until Store:Lease is over.
    /// </summary>
    public string PingTimeout { get; set; } = "30s";
}
