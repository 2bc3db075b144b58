using System.CommandLine;
using RemoteSwap.Client;

namespace RemoteSwap.LoadGen.Options;

/// <summary>
/// Who is who, for runs against a server over TLS: the same options and variables as of the tool <c>remoteswap</c>.
/// </summary>
internal sealed class CredentialOptions
{
    private readonly Option<string?> _ca = new("--ca");
    private readonly Option<string?> _certificate = new("--cert");
    private readonly Option<string?> _key = new("--key");
    private readonly Option<string?> _tokenFile = new("--token-file");
    private readonly Option<string?> _serverName = new("--tls-server-name");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_ca, _certificate, _key, _tokenFile, _serverName];

    /// <summary>The file with the token; null: none.</summary>
    public string? TokenFile(ParseResult parsed) => Given(parsed, _tokenFile, "REMOTESWAP_TOKEN_FILE");

    /// <summary>How the server is known; null: without TLS.</summary>
    /// <param name="parsed">The line.</param>
    /// <param name="server">The server; null: one in this process.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public TlsOptions? Tls(ParseResult parsed, ServerEndpoint? server, ICollection<string> errors)
    {
        if (server?.Address.Scheme == Uri.UriSchemeHttps)
        {
            return new TlsOptions
            {
                CaFile = Given(parsed, _ca, "REMOTESWAP_CA"),
                CertificateFile = Given(parsed, _certificate, "REMOTESWAP_CERT"),
                KeyFile = Given(parsed, _key, "REMOTESWAP_KEY"),
                ServerName = parsed.GetValue(_serverName),
            };
        }

        Option[] asked = [_ca, _certificate, _key, _serverName];
        if (asked.FirstOrDefault(option => parsed.GetResult(option) is not null) is { } given)
        {
            errors.Add($"{given.Name} is for a server over TLS; give --server remoteswaps://..., or leave it out.");
        }

        return null;
    }

    private static string? Given(ParseResult parsed, Option<string?> option, string variable) =>
        parsed.GetValue(option)
        ?? (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? text : null);
}
