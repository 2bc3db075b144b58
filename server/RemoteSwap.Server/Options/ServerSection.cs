namespace RemoteSwap.Server.Options;

/// <summary>Section "Server": where the server listens and how it ends.</summary>
internal sealed class ServerSection
{
    /// <summary>
    /// Address of the gRPC port (HTTP/2; TLS 1.3 with Security:Certificate). Default 127.0.0.1:7420; port 0: the system
    /// picks one. An address that other machines can reach needs TLS and a way to know who calls, see section Security.
    /// </summary>
    public string Listen { get; set; } = "127.0.0.1:7420";

    /// <summary>
    /// Address of the management port (HTTP/1.1: health, metrics, JSON). Default 127.0.0.1:7421; "off": none. An
    /// address that other machines can reach needs Security:ManagementTls and a way to know who calls.
    /// </summary>
    public string Management { get; set; } = "127.0.0.1:7421";

    /// <summary>
    /// Whether gRPC reflection is on, for grpcurl and its like. Default false. On a server that knows identities it is
    /// for administrators.
    /// </summary>
    public bool Reflection { get; set; }

    /// <summary>
    /// Connections served at once, 1 to 65,536. Default 1,024; more are closed at once. A client has one for each of
    /// its streams (4) and one for other calls.
    /// </summary>
    public int MaxConnections { get; set; } = 1024;

    /// <summary>
    /// Memory that measuring clients' pings may copy to and from, 0 or 4KiB to 64GiB. Default 0: none. It is taken at
    /// the start, beside Store:Limit, and stores nothing; for benchmarks only.
    /// </summary>
    public string PingArena { get; set; } = "0";

    /// <summary>How long running calls may take after SIGTERM, 1s to 10m. Default 30s.</summary>
    public string ShutdownTimeout { get; set; } = "30s";
}
