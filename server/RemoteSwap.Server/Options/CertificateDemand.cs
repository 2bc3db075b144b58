namespace RemoteSwap.Server.Options;

/// <summary>Whether clients have to show a certificate.</summary>
internal enum CertificateDemand
{
    /// <summary>
    /// They are asked for one. Without a good one the connection stands, and nothing may be called by it.
    /// </summary>
    Allowed = 0,

    /// <summary>A connection without a good one is refused before a byte of a call is read.</summary>
    Required,
}
