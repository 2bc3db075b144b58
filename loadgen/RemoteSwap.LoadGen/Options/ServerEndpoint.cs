namespace RemoteSwap.LoadGen.Options;

/// <summary>
/// A page server as given on the command line: <c>http://host:port</c> or <c>remoteswap://host:port/tenant</c>.
/// </summary>
/// <param name="Address">Where gRPC is served.</param>
/// <param name="Tenant">The tenant that the address names, if any.</param>
internal sealed record ServerEndpoint(Uri Address, string? Tenant)
{
    /// <summary>What an address may look like, for messages.</summary>
    public const string Allowed = "http://HOST:PORT, https://HOST:PORT, remoteswap://HOST:PORT[/TENANT] or "
        + "remoteswaps://HOST:PORT[/TENANT]";

    /// <summary>Reads an address; false if the text is none.</summary>
    public static bool TryParse(string text, out ServerEndpoint? endpoint)
    {
        endpoint = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || uri.Port <= 0
            || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            return false;
        }

        string? scheme = uri.Scheme switch
        {
            "http" or "remoteswap" => Uri.UriSchemeHttp,
            "https" or "remoteswaps" => Uri.UriSchemeHttps,
            _ => null,
        };
        if (scheme is null)
        {
            return false;
        }

        string path = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        bool namesTenant = uri.Scheme.StartsWith("remoteswap", StringComparison.Ordinal);
        if (path.Contains('/', StringComparison.Ordinal) || (path.Length > 0 && !namesTenant))
        {
            return false;
        }

        Uri address = new UriBuilder(scheme, uri.Host, uri.Port).Uri;
        endpoint = new ServerEndpoint(address, path.Length > 0 ? path : null);
        return true;
    }
}
