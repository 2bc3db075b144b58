using System.Text.RegularExpressions;

namespace RemoteSwap.Telemetry.Tests.Boards;

/// <summary>What these tests know of an expression of PromQL: its metrics, and Grafana's variables in it.</summary>
internal static partial class PromExpression
{
    private static readonly HashSet<string> s_words = new(StringComparer.Ordinal)
    {
        "by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "bool", "offset",
    };

    /// <summary>
    /// Puts values in the place of variables, as Grafana does with everything selected. The range is wide beside the
    /// scrape interval of these tests, as Grafana's is beside that of its data source.
    /// </summary>
    public static string Substitute(string expression) => expression
        .Replace("$__rate_interval", "10s", StringComparison.Ordinal)
        .Replace("$instance", ".*", StringComparison.Ordinal)
        .Replace("$tenant", ".*", StringComparison.Ordinal);

    /// <summary>Names of metrics in an expression: what is no function, keyword, label or text.</summary>
    public static IEnumerable<string> Metrics(string expression)
    {
        IEnumerable<string> chosen = NameMatcher().Matches(expression).Select(match => match.Groups[1].Value);
        string bare = Braced().Replace(expression, "");
        bare = Grouping().Replace(bare, "");
        return Identifier().Matches(bare)
            .Select(match => match.Value)
            .Where(name => !s_words.Contains(name))
            .Concat(chosen.SelectMany(Alternatives))
            .Distinct(StringComparer.Ordinal);
    }

    // "a_(b|c)_d" is a_b_d and a_c_d.
    private static IEnumerable<string> Alternatives(string pattern)
    {
        Match choice = Choice().Match(pattern);
        return choice.Success
            ? choice.Groups[1].Value.Split('|').Select(
                one => pattern.Replace(choice.Value, one, StringComparison.Ordinal))
            : [pattern];
    }

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Braced();

    [GeneratedRegex(@"\b(by|without|on|ignoring) ?\([^)]*\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Grouping();

    [GeneratedRegex(@"__name__=~?""([^""]*)""")]
    private static partial Regex NameMatcher();

    [GeneratedRegex(@"\(([^)]*)\)")]
    private static partial Regex Choice();

    [GeneratedRegex(@"(?<![\w.$])[a-zA-Z_:][\w:]*\b(?!\s*\()")]
    private static partial Regex Identifier();
}
