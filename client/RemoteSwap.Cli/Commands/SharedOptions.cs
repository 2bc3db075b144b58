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

    // The client library's bounds.
    private static readonly TimeSpan s_shortestDeadline = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longestDeadline = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_callDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Declares them.</summary>
    public SharedOptions() => All =
    [
        (Server, SharedSet.Server),
        (Timeout, SharedSet.Server),
        (Area, SharedSet.Area),
        (Json, SharedSet.Json),
        (Quiet, SharedSet.Quiet),
        (NoColor, SharedSet.Color),
    ];

    /// <summary>All of them, with what a command says to take it.</summary>
    public IReadOnlyList<(Option Option, SharedSet Set)> All { get; }

    /// <summary>The server; null: as the environment says.</summary>
    public Option<ServerUri?> Server { get; } = new("--server", "-s")
    {
        HelpName = "URI",
        Description = $"server and tenant  [${ServerVariable}, else remoteswap://127.0.0.1:7420]",
        Recursive = true,
        CustomParser = ReadServer,
    };

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
