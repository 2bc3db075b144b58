using System.Globalization;
using RemoteSwap.Credentials;
using RemoteSwap.Server.Access;

namespace RemoteSwap.Server.Options;

/// <summary>
/// Checks section "Security" against the listeners, and turns it into values. A listener that other machines can reach
/// needs TLS and some way to know who calls; without them the start is refused, unless that is asked for by name.
/// </summary>
internal sealed class SecurityCheck
{
    private const int MaxPeers = 1024;

    private readonly SecuritySection _section;
    private readonly List<string> _errors;
    private readonly List<string> _insecure = [];

    private SecurityCheck(SecuritySection section, List<string> errors)
    {
        _section = section;
        _errors = errors;
    }

    /// <summary>Checks the section.</summary>
    /// <param name="section">The section as written.</param>
    /// <param name="listen">Where pages are served.</param>
    /// <param name="management">Where the management port is; null: nowhere.</param>
    /// <param name="tenants">The names of the tenants.</param>
    /// <param name="errors">Takes everything that is wrong.</param>
    public static SecurityOptions Run(
        SecuritySection section,
        ListenAddress listen,
        ListenAddress? management,
        IReadOnlyCollection<string> tenants,
        List<string> errors) => new SecurityCheck(section, errors).Check(listen, management, tenants);

    private SecurityOptions Check(
        ListenAddress listen, ListenAddress? management, IReadOnlyCollection<string> tenants)
    {
        CheckFiles();
        Dictionary<uint, Caller> peers = ReadPeers(tenants);
        HashSet<string> admins = ReadAdmins();
        bool hasTls = _section.Certificate.Length > 0;
        bool hasIdentity = _section.ClientCa.Length > 0 || _section.Tokens.Length > 0 || peers.Count > 0;
        CheckListener("Server:Listen", listen, hasTls, "Security:Certificate and Security:Key");
        bool managementTls = _section.ManagementTls && hasTls && management is { SocketPath: null };
        if (management is not null)
        {
            CheckListener("Server:Management", management, managementTls, "Security:ManagementTls");
        }

        return new SecurityOptions
        {
            CertificateFile = _section.Certificate,
            KeyFile = _section.Key,
            ClientCaFile = _section.ClientCa,
            NeedsCertificate = _section.ClientCertificates == CertificateDemand.Required,
            TenantFrom = _section.TenantFrom,
            AdminNames = admins,
            TokenFile = _section.Tokens,
            SocketPeers = peers,
            ManagementTls = managementTls,
            ManagementNeedsAdmin =
                hasIdentity && (_section.ManagementNeedsAdmin || management is { IsLocal: false }),
            MetricsNeedAdmin = _section.MetricsNeedAdmin,
            Insecure = _insecure,
        };
    }

    private void CheckFiles()
    {
        File("Security:Certificate", _section.Certificate);
        File("Security:Key", _section.Key);
        File("Security:ClientCa", _section.ClientCa);
        File("Security:Tokens", _section.Tokens);
        bool hasTls = _section.Certificate.Length > 0;
        Need(hasTls == _section.Key.Length > 0, "Security:Certificate and Security:Key go together; one is empty");
        Need(
            hasTls || _section.ClientCa.Length == 0,
            "Security:ClientCa is set without Security:Certificate; clients show certificates over TLS only");
        Need(
            hasTls || !_section.ManagementTls,
            "Security:ManagementTls is true without Security:Certificate; TLS needs one");
        Need(
            Enum.IsDefined(_section.ClientCertificates),
            $"Security:ClientCertificates is '{_section.ClientCertificates}'; it must be Allowed or Required");
        Need(
            _section.ClientCertificates != CertificateDemand.Required || _section.ClientCa.Length > 0,
            "Security:ClientCertificates is Required without Security:ClientCa; nobody could connect");
        Need(
            Enum.IsDefined(_section.TenantFrom),
            $"Security:TenantFrom is '{_section.TenantFrom}'; it must be Uri or CommonName");
        Need(
            !_section.ManagementNeedsAdmin || _section.ClientCa.Length > 0 || _section.Tokens.Length > 0
                || _section.SocketPeers.Length > 0,
            "Security:ManagementNeedsAdmin is true, and nothing says who is an administrator; set Security:ClientCa, "
            + "Security:Tokens or Security:SocketPeers");
    }

    private void CheckListener(string name, ListenAddress address, bool hasTls, string tls)
    {
        bool hasIdentity = _section.ClientCa.Length > 0 || _section.Tokens.Length > 0;
        if (address.IsLocal || (hasTls && hasIdentity))
        {
            return;
        }

        string[] lacks =
        [
            .. hasTls ? (string[])[] : [$"TLS ({tls})"],
            .. hasIdentity ? (string[])[] : ["a way to know who calls (Security:ClientCa or Security:Tokens)"],
        ];
        string missing = string.Join(" and ", lacks);
        if (_section.AllowInsecure)
        {
            string danger = hasIdentity
                ? "whoever is on the way reads and changes pages and tokens"
                : "whoever reaches it reads and changes the pages of all tenants";
            _insecure.Add($"{name} {address} is reachable from other machines without {missing}: {danger}");
        }
        else
        {
            _errors.Add(
                $"{name} is '{address}', which other machines can reach, without {missing}; set that, use "
                + $"{ListenAddress.Allowed}, or say --insecure where everybody on that network may do everything");
        }
    }

    private HashSet<string> ReadAdmins()
    {
        string[] names = Split(_section.AdminNames);
        Need(
            names.Length == 0 || _section.TenantFrom == NamePlace.CommonName,
            "Security:AdminNames is set without Security:TenantFrom=CommonName; by URI an administrator's certificate "
            + "says remoteswap://admin/NAME");
        foreach (string name in names.Where(name => !Identity.IsName(name)))
        {
            _errors.Add($"Security:AdminNames has '{name}'; a name has {Identity.AllowedName}");
        }

        return new HashSet<string>(names, StringComparer.Ordinal);
    }

    private Dictionary<uint, Caller> ReadPeers(IReadOnlyCollection<string> tenants)
    {
        Dictionary<uint, Caller> peers = [];
        string[] entries = Split(_section.SocketPeers);
        Need(entries.Length <= MaxPeers, $"Security:SocketPeers has {entries.Length} users; at most {MaxPeers}");
        foreach (string entry in entries)
        {
            string[] parts = entry.Split('=', '/');
            if (parts.Length != 3
                || !uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint user)
                || parts[1] is not ("tenant" or "admin")
                || !Identity.IsName(parts[2]))
            {
                _errors.Add(
                    $"Security:SocketPeers has '{entry}'; it must be like 1000=tenant/vm7 or 0=admin/root, a user by "
                    + $"its number and a name of {Identity.AllowedName}");
                continue;
            }

            bool isAdmin = parts[1] == "admin";
            Need(
                isAdmin || tenants.Contains(parts[2], StringComparer.Ordinal),
                $"Security:SocketPeers has '{entry}', and no tenant is called '{parts[2]}'");
            Need(
                peers.TryAdd(user, isAdmin ? Caller.Admin(parts[2]) : Caller.Tenant(parts[2])),
                $"Security:SocketPeers has user {user} twice");
        }

        return peers;
    }

    private void File(string name, string path) => Need(
        path.Length == 0 || System.IO.File.Exists(path), $"{name} is '{path}'; it must be a file that exists");

    private void Need(bool isGood, string error)
    {
        if (!isGood)
        {
            _errors.Add(error);
        }
    }

    private static string[] Split(string list) =>
        list.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
