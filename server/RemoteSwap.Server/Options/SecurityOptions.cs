using RemoteSwap.Server.Access;

namespace RemoteSwap.Server.Options;

/// <summary>Section "Security" as values, all of them checked; the files' contents are not read yet.</summary>
internal sealed record SecurityOptions
{
    /// <summary>Nothing configured.</summary>
    public static SecurityOptions Open { get; } = new();

    /// <summary>The server's certificate; empty: no TLS.</summary>
    public string CertificateFile { get; init; } = "";

    public string KeyFile { get; init; } = "";

    /// <summary>Authorities of clients' certificates; empty: none are asked for.</summary>
    public string ClientCaFile { get; init; } = "";

    public bool NeedsCertificate { get; init; }

    public NamePlace TenantFrom { get; init; }

    public IReadOnlySet<string> AdminNames { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The file of tokens; empty: none.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>Callers by the user's number.</summary>
    public IReadOnlyDictionary<uint, Caller> SocketPeers { get; init; } = new Dictionary<uint, Caller>();

    /// <summary>Whether the management port serves TLS.</summary>
    public bool ManagementTls { get; init; }

    /// <summary>Whether the management port's figures are for administrators.</summary>
    public bool ManagementNeedsAdmin { get; init; }

    public bool MetricsNeedAdmin { get; init; } = true;

    /// <summary>What others can do to this server that they should not; empty: nothing.</summary>
    public IReadOnlyList<string> Insecure { get; init; } = [];

    public bool HasTls => CertificateFile.Length > 0;

    /// <summary>Whether the server can tell who calls; if not, everybody may do everything.</summary>
    public bool HasIdentity => ClientCaFile.Length > 0 || TokenFile.Length > 0 || SocketPeers.Count > 0;
}
