using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RemoteSwap.Cli.Addressing;

/// <summary>
/// A page server, and perhaps a tenant of it, as one names it on a command line:
/// <c>remoteswap://HOST[:PORT][/TENANT]</c>, the same with <c>remoteswaps</c> over TLS, or
/// <c>remoteswap+unix:///[TENANT]?socket=/PATH</c>. Says where things are, opens nothing.
/// </summary>
internal sealed class ServerUri
{
    /// <summary>What may be given, for messages.</summary>
    public const string Allowed = "remoteswap[s]://HOST[:PORT][/TENANT] or remoteswap+unix:///[TENANT]?socket=/PATH";

    /// <summary>The tenant of a server that was configured with none.</summary>
    public const string DefaultTenant = "default";

    private const int DefaultPort = 7420;
    private const int MaxTenantBytes = 128;

    // A socket address holds 108 bytes, the last of them 0.
    private const int MaxSocketPathBytes = 107;
    private const string TcpScheme = "remoteswap";
    private const string TlsScheme = "remoteswaps";
    private const string UnixScheme = "remoteswap+unix";
    private const string SocketKey = "socket=";

    private ServerUri(Uri address, string? tenant)
    {
        Address = address;
        Tenant = tenant;
    }

    /// <summary>Where a server listens that was started without settings.</summary>
    public static ServerUri Default { get; } = new(new Uri($"http://127.0.0.1:{DefaultPort}"), tenant: null);

    /// <summary>The address as the library takes it: <c>http[s]://host:port</c> or <c>unix:///path</c>.</summary>
    public Uri Address { get; }

    /// <summary>The tenant that the URI names; null: none.</summary>
    public string? Tenant { get; }

    /// <summary>The tenant to act for.</summary>
    public string TenantOrDefault => Tenant ?? DefaultTenant;

    /// <summary>Whether it is a Unix socket.</summary>
    public bool IsSocket => string.Equals(Address.Scheme, "unix", StringComparison.Ordinal);

    /// <summary>Whether it is spoken to over TLS.</summary>
    public bool IsTls => Address.Scheme == Uri.UriSchemeHttps;

    /// <summary>Whether the server runs on this machine, as far as the address tells.</summary>
    public bool IsLocal => IsSocket || Address.IsLoopback;

    /// <summary>Path of the Unix socket.</summary>
    public string SocketPath => Uri.UnescapeDataString(Address.AbsolutePath);

    /// <summary>The same server with another tenant.</summary>
    public ServerUri WithTenant(string? tenant) => new(Address, tenant);

    /// <summary>Reads a URI.</summary>
    /// <param name="text">The text.</param>
    /// <param name="server">Gets the server.</param>
    /// <param name="problem">Gets what is wrong with the text.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ServerUri? server, [NotNullWhen(false)] out string? problem)
    {
        server = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri))
        {
            problem = $"is no URI; give {Allowed}";
            return false;
        }

        problem = uri.Scheme switch
        {
            TcpScheme or TlsScheme or UnixScheme => CommonProblem(uri),
            "http" or "https" or "unix" => $"has the scheme '{uri.Scheme}'; give {Allowed}",
            _ => $"has the unknown scheme '{uri.Scheme}'; give {Allowed}",
        };
        if (problem is null)
        {
            string path = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
            Uri? address = uri.Scheme == UnixScheme
                ? SocketAddress(uri, out problem)
                : TcpAddress(uri, out problem);
            server = address is null ? null : new ServerUri(address, path.Length > 0 ? path : null);
        }

        return server is not null;
    }

    /// <summary>The URI as one writes it.</summary>
    public override string ToString() => IsSocket
        ? $"{UnixScheme}:///{Escape(Tenant)}?socket={EscapePath(SocketPath)}"
        : $"{(IsTls ? TlsScheme : TcpScheme)}://{Address.Host}:{Address.Port}"
            + (Tenant is null ? "" : $"/{Escape(Tenant)}");

    private static string Escape(string? tenant) => tenant is null ? "" : Uri.EscapeDataString(tenant);

    // A blank at the end would be taken for none.
    private static string EscapePath(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string? CommonProblem(Uri uri)
    {
        string tenant = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        int tenantBytes = Encoding.UTF8.GetByteCount(tenant);
        return uri switch
        {
            { UserInfo.Length: > 0 } => "names a user; who you are is in a certificate or a token file, leave it out",
            { Fragment.Length: > 0 } => $"ends in '{uri.Fragment}', which means nothing here; leave it out",
            _ when tenant.Contains('/', StringComparison.Ordinal) =>
                $"has the path '{tenant}'; a path is one tenant, without a further '/'",
            _ when tenant.Length > 0 && string.IsNullOrWhiteSpace(tenant) => "names a tenant of blanks only",
            _ when tenantBytes > MaxTenantBytes =>
                $"names a tenant of {tenantBytes} bytes; a tenant's name has 1 to {MaxTenantBytes}",
            _ => null,
        };
    }

    private static Uri? TcpAddress(Uri uri, out string? problem)
    {
        int port = uri.Port < 0 ? DefaultPort : uri.Port;
        problem = uri switch
        {
            { Host.Length: 0 } => $"names no host; give {Allowed}",
            _ when Uri.CheckHostName(uri.Host) is UriHostNameType.Unknown or UriHostNameType.Basic =>
                $"names the host '{uri.Host}', which can be no host's name; give a name or an address",
            { Query.Length: > 0 } => $"has '{uri.Query}', which means nothing here; leave it out",
            _ when port == 0 => "has port 0; name the port that the server listens on",
            _ => null,
        };
        string scheme = uri.Scheme == TlsScheme ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        return problem is null ? new Uri($"{scheme}://{uri.Host}:{port}") : null;
    }

    private static Uri? SocketAddress(Uri uri, out string? problem)
    {
        string query = uri.Query.TrimStart('?');
        string path = query.StartsWith(SocketKey, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(query[SocketKey.Length..])
            : "";
        int bytes = Encoding.UTF8.GetByteCount(path);
        problem = uri switch
        {
            { Host.Length: > 0 } =>
                $"names the host '{uri.Host}'; a socket has none: remoteswap+unix:///TENANT?socket=/PATH",
            _ when path.Length == 0 => "names no socket; give remoteswap+unix:///TENANT?socket=/PATH",
            _ when path.Contains('&', StringComparison.Ordinal) => $"has '{query}'; only socket=/PATH is known",
            _ when path[0] != '/' => $"names the socket '{path}'; give an absolute path",
            _ when bytes is 1 or > MaxSocketPathBytes =>
                $"names a socket by {bytes} bytes; a path has 2 to {MaxSocketPathBytes}",
            _ => null,
        };
        if (problem is not null)
        {
            return null;
        }

        // A URI has no room for every path: it takes '.' and '..' out. Another path than the one given is none.
        Uri address = new("unix://" + EscapePath(path));
        if (!string.Equals(Uri.UnescapeDataString(address.AbsolutePath), path, StringComparison.Ordinal))
        {
            problem = $"names the socket '{path}'; give its path without '.', '..' and empty parts";
            return null;
        }

        return address;
    }
}
