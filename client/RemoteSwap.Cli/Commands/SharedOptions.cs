using System.CommandLine;
using System.CommandLine.Parsing;
using RemoteSwap.Cli.Addressing;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Units;

namespace RemoteSwap.Cli.Commands;

/// <summary>Options that several commands take. They may stand before or behind the command's name.</summary>
internal sealed class SharedOptions
{
    /// <summary>The variable that names the server where <c>--server</c> does not.</summary>
    public const string ServerVariable = "REMOTESWAP_URI";

    /// <summary>The variable that stands for <c>--ca</c>.</summary>
    public const string CaVariable = "REMOTESWAP_CA";

    /// <summary>The variable that stands for <c>--cert</c>.</summary>
    public const string CertificateVariable = "REMOTESWAP_CERT";

    /// <summary>The variable that stands for <c>--key</c>.</summary>
    public const string KeyVariable = "REMOTESWAP_KEY";

    /// <summary>The variable that stands for <c>--token-file</c>.</summary>
    public const string TokenVariable = "REMOTESWAP_TOKEN_FILE";

    // The client library's bounds.
    private static readonly TimeSpan s_shortestDeadline = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longestDeadline = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_callDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Declares them.</summary>
    public SharedOptions() => All =
    [
        (Server, SharedSet.Server),
        (Ca, SharedSet.Server),
        (Certificate, SharedSet.Server),
        (Key, SharedSet.Server),
        (TokenFile, SharedSet.Server),
        (TlsServerName, SharedSet.Server),
        (Timeout, SharedSet.Server),
        (Area, SharedSet.Area),
        (Json, SharedSet.Json),
        (Quiet, SharedSet.Quiet),
        (NoColor, SharedSet.Color),
    ];

    /// <summary>All of them, with what a command says to take it.</summary>
    public IReadOnlyList<(Option Option, SharedSet Set)> All { get; }

    /// <summary>Those of them that say who is who.</summary>
    public IReadOnlyList<Option> Credentials => [Ca, Certificate, Key, TokenFile, TlsServerName];

    /// <summary>The server; null: as the environment says.</summary>
    public Option<ServerUri?> Server { get; } = new("--server", "-s")
    {
        HelpName = "URI",
        Description = $"server and tenant  [${ServerVariable}, else remoteswap://127.0.0.1:7420]",
        Recursive = true,
        CustomParser = ReadServer,
    };

    /// <summary>The authorities that may have signed the server's certificate.</summary>
    public Option<string?> Ca { get; } = Text("--ca", "FILE", CaVariable, "with remoteswaps://: who signs the server");

    /// <summary>This client's certificate.</summary>
    public Option<string?> Certificate { get; } = Text("--cert", "FILE", CertificateVariable, "our certificate");

    /// <summary>Its key.</summary>
    public Option<string?> Key { get; } = Text("--key", "FILE", KeyVariable, "its key, mode 0600");

    /// <summary>The file with the token.</summary>
    public Option<string?> TokenFile { get; } = Text("--token-file", "FILE", TokenVariable, "our token, mode 0600");

    /// <summary>The name that the server's certificate must have.</summary>
    public Option<string?> TlsServerName { get; } = Recursive(new Option<string?>("--tls-server-name")
    {
        HelpName = "NAME",
        Description = "the name that the server's certificate must have  [the host]",
    });

    /// <summary>The call deadline.</summary>
    public Option<TimeSpan> Timeout { get; } = Recursive(ValueReader.Option<TimeSpan>(
        "--timeout",
        "TIME",
        "the longest time of one call, all its attempts together  [10s]",
        TryParseDeadline,
        "a time such as 250ms or 10s, from 1ms to 1h",
        s_callDeadline));

    /// <summary>The area.</summary>
    public Option<uint> Area { get; } = Recursive(ValueReader.Number(
        "--area", "N", "the tenant's area (swap device)  [0]", 0u, uint.MaxValue, 0u));

    /// <summary>Results as JSON.</summary>
    public Option<bool> Json { get; } = Recursive(ValueReader.Switch(
        "--json", "results as JSON; its field 'schema' says what it is"));

    /// <summary>No progress and no remarks.</summary>
    public Option<bool> Quiet { get; } = Recursive(ValueReader.Switch("--quiet", "no progress, no remarks"));

    /// <summary>No colours.</summary>
    public Option<bool> NoColor { get; } = Recursive(ValueReader.Switch(
        "--no-color", "no colours (NO_COLOR works too; never any but on a terminal)"));

    private static Option<string?> Text(string name, string valueName, string variable, string description) =>
        Recursive(new Option<string?>(name) { HelpName = valueName, Description = $"{description}  [${variable}]" });

    private static Option<T> Recursive<T>(Option<T> option)
    {
        option.Recursive = true;
        return option;
    }

    private static bool TryParseDeadline(string text, out TimeSpan deadline) =>
        DurationText.TryParse(text, out deadline)
        && deadline >= s_shortestDeadline
        && deadline <= s_longestDeadline;

    private static ServerUri? ReadServer(ArgumentResult result)
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (!ServerUri.TryParse(text, out ServerUri? server, out string? problem))
        {
            result.AddError($"--server '{text}' {problem}.");
        }

        return server;
    }
}
