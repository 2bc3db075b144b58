using System.Diagnostics.CodeAnalysis;

namespace RemoteSwap.Server.Options;

/// <summary>
/// The command line: settings as <c>--Section:Key=value</c> or <c>--Section:Key value</c>, a few short names for the
/// common ones, and three switches.
/// </summary>
internal sealed class ServerArguments
{
    private const string ConfigOption = "config";

    private static readonly Dictionary<string, string> s_shortNames = new(StringComparer.Ordinal)
    {
        ["listen"] = "Server:Listen",
        ["management"] = "Server:Management",
        ["limit"] = "Store:Limit",
        ["spill"] = "Spill:Path",
        ["spill-limit"] = "Spill:Limit",
        ["state"] = "State:Folder",
    };

    private const string InsecureName = "Security:AllowInsecure";

    private readonly Dictionary<string, string?> _settings = new(StringComparer.OrdinalIgnoreCase);

    private ServerArguments()
    {
    }

    /// <summary>What <c>--help</c> prints.</summary>
    public static string Help => """
        remoteswap-server: lends this machine's memory as a remote compressed-page store.

        Usage: remoteswap-server [--Section:Key=value ...]

          --listen ADDRESS       gRPC port            (Server:Listen, default 127.0.0.1:7420)
          --management ADDRESS   health, metrics      (Server:Management, default 127.0.0.1:7421; "off": none)
          --limit SIZE           memory for pages     (Store:Limit, default 1GiB)
          --spill FILE           file for overflow    (Spill:Path, default none)
          --spill-limit SIZE     size of that file    (Spill:Limit, default 4GiB)
          --state FOLDER         what outlives it     (State:Folder, default none)
          --insecure             start even where other machines can reach it without TLS or without saying who
                                 they are            (Security:AllowInsecure)
          --config FILE          settings file        (JSON; appsettings.json beside the program is read first)
          --print-config         print the settings in force, with their origin, and exit
          --version              print the version and exit
          --help                 print this and exit

        Settings come from files, then from environment variables (REMOTESWAP_Store__Limit=8GiB), then from the
        command line; the later wins. --print-config lists all of them.
        Tenants are settings too: --Tenants:vm7:Limit=4GiB. Without any there is one, named "default".
        Section Security says who may call: certificates, tokens, users of sockets. Without it anybody on this machine.

        Examples:
          remoteswap-server --limit 8GiB
          remoteswap-server --limit 8GiB --spill /var/tmp/remoteswap.spill --spill-limit 32GiB
          remoteswap-server --listen unix:/run/remoteswap.sock --Tenants:vm7:Limit=4GiB --Tenants:vm8:Limit=4GiB
          remoteswap-server --listen 0.0.0.0:7420 --Security:Certificate=server.pem --Security:Key=server.key \
            --Security:ClientCa=ca.pem --Tenants:vm7:Limit=4GiB

        Exit codes: 0 ended as asked, 1 failed, 64 wrong settings, 69 an address is in use.
        """;

    public bool WantsHelp { get; private set; }

    public bool WantsVersion { get; private set; }

    public bool WantsConfig { get; private set; }

    /// <summary>A settings file; null: none.</summary>
    public string? ConfigFile { get; private set; }

    /// <summary>The settings by name.</summary>
    public IReadOnlyDictionary<string, string?> Settings => _settings;

    /// <summary>Reads the command line.</summary>
    /// <returns>Whether it is well formed.</returns>
    public static bool TryParse(
        IReadOnlyList<string> args,
        [NotNullWhen(true)] out ServerArguments? arguments,
        out string error)
    {
        arguments = new ServerArguments();
        error = "";
        for (int index = 0; index < args.Count; index++)
        {
            if (!arguments.TryTake(args, ref index, out error))
            {
                arguments = null;
                return false;
            }
        }

        return true;
    }

    private bool TryTake(IReadOnlyList<string> args, ref int index, out string error)
    {
        error = "";
        string arg = args[index];
        switch (arg)
        {
            case "--help" or "-h" or "-?":
                WantsHelp = true;
                return true;
            case "--version":
                WantsVersion = true;
                return true;
            case "--print-config":
                WantsConfig = true;
                return true;
            case "--insecure" when _settings.TryAdd(InsecureName, bool.TrueString):
                return true;
            default:
                return TryTakeSetting(args, ref index, arg, out error);
        }
    }

    private bool TryTakeSetting(IReadOnlyList<string> args, ref int index, string arg, out string error)
    {
        error = "";
        if (!arg.StartsWith("--", StringComparison.Ordinal))
        {
            error = $"'{arg}' is no option; options begin with '--' (see --help)";
            return false;
        }

        string name = arg[2..];
        string? value = null;
        int equals = name.IndexOf('=', StringComparison.Ordinal);
        if (equals >= 0)
        {
            value = name[(equals + 1)..];
            name = name[..equals];
        }
        else if (index + 1 < args.Count && !args[index + 1].StartsWith("--", StringComparison.Ordinal))
        {
            value = args[++index];
        }

        name = s_shortNames.GetValueOrDefault(name, name);
        if (name != ConfigOption && !name.Contains(':', StringComparison.Ordinal))
        {
            error = $"option '{arg}' is not known (see --help)";
            return false;
        }

        if (value is null)
        {
            error = $"option '{arg}' has no value";
            return false;
        }

        if (name == ConfigOption)
        {
            ConfigFile = value;
            return true;
        }

        if (!_settings.TryAdd(name, value))
        {
            error = $"option '{arg}' is given twice";
            return false;
        }

        return true;
    }
}
