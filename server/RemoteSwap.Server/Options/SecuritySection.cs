namespace RemoteSwap.Server.Options;

/// <summary>
/// Section "Security": who may talk to the server, and how it can tell. With nothing set the server knows no
/// identities, and therefore listens to its own machine only. Nothing here touches pages: a page is its tenant's,
/// whatever credential it came with. Files are read again when they change; connections and streams stay.
/// </summary>
internal sealed class SecuritySection
{
    /// <summary>
    /// The server's certificate, PEM, its issuers behind it. Default empty: no TLS. With it Server:Listen serves TLS
    /// 1.3 and nothing else; a Unix socket stays as it is.
    /// </summary>
    public string Certificate { get; set; } = "";

    /// <summary>
    /// The certificate's private key, PEM, not encrypted; others than owner and group may not read it.
    /// </summary>
    public string Key { get; set; } = "";

    /// <summary>
    /// The authorities whose certificates clients may show, PEM. Default empty: clients are not asked for one. No other
    /// authority is trusted, and there are no revocation lists: issue certificates for short times, or remove an
    /// authority from the file.
    /// </summary>
    public string ClientCa { get; set; } = "";

    /// <summary>
    /// Whether clients must show a certificate: Allowed (a token will do) or Required (no connection without one, also
    /// to the management port if it has TLS). Default Allowed.
    /// </summary>
    public CertificateDemand ClientCertificates { get; set; }

    /// <summary>
    /// Where a certificate names its tenant: Uri (alternative name remoteswap://tenant/NAME; remoteswap://admin/NAME is
    /// an administrator) or CommonName. Default Uri.
    /// </summary>
    public NamePlace TenantFrom { get; set; }

    /// <summary>
    /// With TenantFrom=CommonName: the names that are administrators, divided by commas. Default none.
    /// </summary>
    public string AdminNames { get; set; } = "";

    /// <summary>
    /// File of tokens: a line is "tenant NAME sha256:HEX [until=TIME]" or "admin NAME sha256:HEX [until=TIME]", HEX the
    /// SHA-256 of the token's text, TIME as 2027-01-31T00:00:00Z; "#" begins a comment; several lines for one name all
    /// hold. Default empty: none. Others than owner and group may not write it.
    /// </summary>
    public string Tokens { get; set; } = "";

    /// <summary>
    /// Who the users of this machine are on Unix sockets, as the system says: "1000=tenant/vm7, 0=admin/root", by
    /// number. Default empty: nobody is known by that.
    /// </summary>
    public string SocketPeers { get; set; } = "";

    /// <summary>Whether the management port serves TLS with the same certificate. Default false.</summary>
    public bool ManagementTls { get; set; }

    /// <summary>
    /// Whether all of the management port but health needs an administrator's certificate or token also where only
    /// this machine can reach it. Default false; where others can it always does.
    /// </summary>
    public bool ManagementNeedsAdmin { get; set; }

    /// <summary>
    /// Whether /metrics needs an administrator wherever the management port does. Default true; false: whoever
    /// can reach the port reads them, with the tenants' names that Telemetry:TenantTag puts there.
    /// </summary>
    public bool MetricsNeedAdmin { get; set; } = true;

    /// <summary>
    /// Whether the server starts although other machines can reach it without TLS, or without saying who they are.
    /// Default false. What is open then is said at the start, in the log and by health.
    /// </summary>
    public bool AllowInsecure { get; set; }
}
