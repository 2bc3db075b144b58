namespace RemoteSwap.LoadGen.Bench.Cases;

/// <summary>
/// One piece of work for a worker process, complete: a worker remembers connections and memory between jobs, but no
/// setting. Travels as one line of JSON.
/// </summary>
internal sealed record WorkJob
{
    /// <summary>Bytes of a zpage where nothing else is said: what real pages come to, about.</summary>
    public const int DefaultPageBytes = 1600;

    /// <summary>What to do.</summary>
    public required WorkKind Kind { get; init; }

    /// <summary>How long, in seconds; nothing for <see cref="WorkKind.Fill"/>, which ends when all is stored.</summary>
    public double Seconds { get; init; }

    /// <summary>Where all random choices start.</summary>
    public ulong Seed { get; init; }

    /// <summary>The server, an address that the client library takes; empty where none is needed.</summary>
    public string Server { get; init; } = string.Empty;

    /// <summary>With TLS: the authority of the server's certificate, a file.</summary>
    public string Ca { get; init; } = string.Empty;

    /// <summary>With TLS: the client's certificate, a file.</summary>
    public string Certificate { get; init; } = string.Empty;

    /// <summary>With TLS: its key, a file.</summary>
    public string Key { get; init; } = string.Empty;

    /// <summary>Seals raw pages with the key in this file; empty: they travel compressed and in the clear.</summary>
    public string SealKey { get; init; } = string.Empty;

    /// <summary>The tenant; with several tenants, the start of their names.</summary>
    public string Tenant { get; init; } = "default";

    /// <summary>Tenants that the pages are spread over, at least 1.</summary>
    public int Tenants { get; init; } = 1;

    /// <summary>
    /// The first area of each tenant. A writer with other streams is another connection and needs areas of its own.
    /// </summary>
    public int FirstArea { get; init; }

    /// <summary>Areas of each tenant that the pages are spread over, at least 1.</summary>
    public int Areas { get; init; } = 1;

    /// <summary>Pages of the working set, over all tenants and areas.</summary>
    public long StoredPages { get; init; }

    /// <summary>Exchange streams of each connection; 0: unary calls.</summary>
    public int Streams { get; init; }

    /// <summary>Pages of a call (or of a request to a device).</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Calls on the way at a time; threads or connections, for what has no calls.</summary>
    public int Callers { get; init; } = 1;

    /// <summary>What a page is.</summary>
    public PagePayload Payload { get; init; }

    /// <summary>Bytes of a zpage, and of a page in a ping, a copy or a blob.</summary>
    public int PageBytes { get; init; } = DefaultPageBytes;

    /// <summary>Whether the server copies the bytes of a ping to, or from, its arena.</summary>
    public bool CopyMemory { get; init; }

    /// <summary>Whether the server walks the blocks of zpages that are stored: nobody vouches for them.</summary>
    public bool WalksBlocks { get; init; }

    /// <summary>Open loop: calls a second that start, whatever became of the ones before; 0: closed loop.</summary>
    public double CallsPerSecond { get; init; }

    /// <summary>The device; or the socket file of a peer.</summary>
    public string Target { get; init; } = string.Empty;

    /// <summary>What the peer speaks.</summary>
    public PeerProtocol Protocol { get; init; }

    /// <summary>Name of one of the tenants.</summary>
    public string TenantName(int index) => Tenants == 1 ? Tenant : $"{Tenant}-{index}";
}
