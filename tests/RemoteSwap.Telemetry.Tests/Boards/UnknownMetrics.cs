namespace RemoteSwap.Telemetry.Tests.Boards;

/// <summary>Finds names of metrics that nobody has.</summary>
internal static class UnknownMetrics
{
    /// <summary>What is wrong, each with where it stands.</summary>
    /// <param name="expressions">Expressions, and where they stand.</param>
    /// <param name="known">Names that a Prometheus has.</param>
    public static IEnumerable<string> Find(
        IEnumerable<(string Where, string Expression)> expressions, IReadOnlySet<string> known) =>
        from one in expressions
        from name in PromExpression.Metrics(PromExpression.Substitute(one.Expression))
        where !known.Contains(name)
        select $"{one.Where}: no metric is named {name}";
}
