namespace RemoteSwap.Telemetry.Tests.Boards;

/// <summary>The canaries: a name that nobody has is found wherever it stands.</summary>
public sealed class UnknownMetricsTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData("a_total / b_total", "a_total", "b_total")]
    [InlineData("sum by (le, x) (rate(a_bucket{le=\"0.01\", y=~\"b|c\"}[5m])) > 0", "a_bucket")]
    [InlineData("1 - a / (b > 0) and on (x) c", "a", "b", "c")]
    [InlineData("topk(5, remoteswap:a:ratio5m{x!=\"y\"} * 1.5e3)", "remoteswap:a:ratio5m")]
    [InlineData("count by (i) ({__name__=~\"a_(b|c)_d\"})", "a_b_d", "a_c_d")]
    public void Metrics_of_an_expression_are_told_from_everything_else(string expression, params string[] metrics) =>
        Assert.Equal(metrics, PromExpression.Metrics(expression));

    [Fact]
    public void A_misspelt_name_is_found_with_its_panel()
    {
        string overview = DeployFiles.Read("grafana/dashboards/overview.json");
        Board right = Board.Parse("overview.json", overview);
        HashSet<string> known = new(
            right.Expressions.SelectMany(one => PromExpression.Metrics(one.Expression)), StringComparer.Ordinal);
        Board wrong = Board.Parse(
            "overview.json",
            overview.Replace("remoteswap_pool_density{", "remoteswap_pool_densty{", StringComparison.Ordinal));

        Assert.Empty(UnknownMetrics.Find(right.Expressions, known));
        Assert.Equal(
            ["overview.json, panel 'Density': no metric is named remoteswap_pool_densty"],
            UnknownMetrics.Find(wrong.Expressions, known));
    }
}
