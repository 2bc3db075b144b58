using System.Text.RegularExpressions;

namespace RemoteSwap.Telemetry.Tests.Processes;

/// <summary>A rule as Prometheus has read it.</summary>
internal sealed partial record LoadedRule(string Name, string Query, bool IsAlert, string Health)
{
    /// <summary>
    /// What the rule measures: a recording rule's expression; of an alert the values that it compares with numbers.
    /// </summary>
    /// <exception cref="FormatException">An alert is more than comparisons of values with numbers.</exception>
    public IReadOnlyList<string> Values => IsAlert ? [.. Comparisons.Select(one => one.Value)] : [Query];

    /// <summary>The numbers that an alert compares with.</summary>
    public IReadOnlyList<string> Numbers => IsAlert ? [.. Comparisons.Select(one => one.Number)] : [];

    private IEnumerable<(string Value, string Number)> Comparisons =>
        from part in Query.Split(" and ")
        let match = Comparison().Match(part.Trim())
        select match.Success
            ? (match.Groups["value"].Value, match.Groups["number"].Value)
            : throw new FormatException($"{Name} compares no value with a number: {part}");

    [GeneratedRegex(@"^(?<value>[^<>=!]*(\{[^}]*\})?[^<>=!]*) (>|<|>=|<=|==|!=) (?<number>[0-9.]+)$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Comparison();
}
