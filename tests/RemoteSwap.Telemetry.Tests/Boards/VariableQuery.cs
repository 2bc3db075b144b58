using System.Text.RegularExpressions;

namespace RemoteSwap.Telemetry.Tests.Boards;

/// <summary>Where a template variable has its values from: <c>label_values(selector, label)</c>.</summary>
internal sealed partial record VariableQuery(string Selector, string Label)
{
    /// <summary>An expression that has data if the variable has values.</summary>
    public string Expression => $"count by ({Label}) ({Selector})";

    public static VariableQuery Parse(string text)
    {
        Match match = LabelValues().Match(text);
        return match.Success
            ? new VariableQuery(match.Groups[1].Value, match.Groups[2].Value)
            : throw new FormatException($"'{text}' is not label_values(selector, label)");
    }

    [GeneratedRegex(@"^label_values\((.+), ([a-z_]+)\)$")]
    private static partial Regex LabelValues();
}
