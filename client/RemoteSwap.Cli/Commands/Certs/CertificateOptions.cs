using System.CommandLine;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Credentials;

namespace RemoteSwap.Cli.Commands.Certs;

/// <summary>What to make certificates for, as <c>init</c> and <c>add</c> take it.</summary>
internal sealed class CertificateOptions
{
    private const int DefaultDays = 365;

    private readonly Option<string?> _out = new("--out")
    {
        HelpName = "DIR",
        Description = "the folder with ca.pem, ca.key and all the others (required)",
    };

    private readonly Option<string[]> _serverNames = new("--server-name")
    {
        HelpName = "NAME",
        Description = "a name or address that clients connect to, repeatable",
    };

    private readonly Option<string[]> _tenants = new("--tenant")
    {
        HelpName = "NAME",
        Description = "make a certificate for a tenant, repeatable",
    };

    private readonly Option<string[]> _admins = new("--admin")
    {
        HelpName = "NAME",
        Description = "make one for an administrator, repeatable",
    };

    private readonly Option<int> _days = ValueReader.Number(
        "--days", "N", $"days until they expire  [{DefaultDays}]", 1, CertificateAuthority.MaxDays, DefaultDays);

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_out, _serverNames, _tenants, _admins, _days];

    /// <summary>The folder.</summary>
    /// <exception cref="CommandFailedException">None is named.</exception>
    public CertificateFolder Folder(CommandRun run) => run.Value(_out) is { Length: > 0 } path
        ? new CertificateFolder(path)
        : throw CommandFailedException.Usage("--out is missing; name the folder, for example --out ./pki");

    /// <summary>Days until they expire.</summary>
    public int Days(CommandRun run) => run.Value(_days);

    /// <summary>Names of the server; may be none.</summary>
    /// <exception cref="CommandFailedException">One can be no host's.</exception>
    public IReadOnlyList<string> ServerNames(CommandRun run)
    {
        string[] names = run.Value(_serverNames) ?? [];
        return names.FirstOrDefault(name => Uri.CheckHostName(name) is UriHostNameType.Unknown or UriHostNameType.Basic)
            is { } wrong
                ? throw CommandFailedException.Usage(
                    $"--server-name '{wrong}' can be no host's; give a name or an address")
                : names;
    }

    /// <summary>Tenants and administrators; may be none.</summary>
    /// <exception cref="CommandFailedException">A name is none, or given twice.</exception>
    public IReadOnlyList<Identity> Identities(CommandRun run)
    {
        List<Identity> all =
        [
            .. Named("--tenant", IdentityKind.Tenant, run.Value(_tenants)),
            .. Named("--admin", IdentityKind.Admin, run.Value(_admins)),
        ];
        return all.Distinct().Count() == all.Count
            ? all
            : throw CommandFailedException.Usage("a name is given twice; give each once");
    }

    /// <summary>Reads one name.</summary>
    /// <exception cref="CommandFailedException">It is none.</exception>
    public static Identity Named(string option, IdentityKind kind, string name) => Identity.IsName(name)
        ? new Identity(kind, name)
        : throw CommandFailedException.Usage($"{option} '{name}': give {Identity.AllowedName}");

    private static IEnumerable<Identity> Named(string option, IdentityKind kind, string[]? names) =>
        (names ?? []).Select(name => Named(option, kind, name));
}
