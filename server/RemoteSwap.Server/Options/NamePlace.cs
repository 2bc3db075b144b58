namespace RemoteSwap.Server.Options;

/// <summary>Where in a certificate the caller's name stands.</summary>
internal enum NamePlace
{
    /// <summary>In a URI of its alternative names: remoteswap://tenant/NAME or remoteswap://admin/NAME.</summary>
    Uri = 0,

    /// <summary>In its common name; which ones are administrators is configured.</summary>
    CommonName,
}
