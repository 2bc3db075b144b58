namespace RemoteSwap.Telemetry.Tests.Live;

/// <summary>What dashboards and alerts ask for is there: a real Prometheus has data for each expression.</summary>
public sealed class LiveTests(LiveStack stack) : IClassFixture<LiveStack>
{
    [Fact]
    public async Task Every_panel_has_data()
    {
        List<string> wrong = [];
        foreach ((string where, string expression) in
            from board in Board.All
            from panel in board.Panels
            from expression in panel.Expressions
            select ($"{board.Name}, panel '{panel.Title}'", expression))
        {
            await AddWrongAsync(wrong, where, PromExpression.Substitute(expression));
        }

        RequireNone(wrong);
    }

    [Fact]
    public async Task Every_variable_has_values()
    {
        List<string> wrong = [];
        foreach (Board board in Board.All)
        {
            foreach (string query in board.VariableQueries)
            {
                await AddWrongAsync(
                    wrong, board.Name, PromExpression.Substitute(VariableQuery.Parse(query).Expression));
            }
        }

        RequireNone(wrong);
    }

    [Fact]
    public async Task Every_rule_is_evaluated_and_has_data_whether_it_fires_or_not()
    {
        LoadedRule[] rules = await stack.Prometheus.RulesAsync();
        List<string> wrong = [];
        foreach (LoadedRule rule in rules)
        {
            foreach (string value in rule.Values)
            {
                await AddWrongAsync(wrong, rule.Name, value);
            }
        }

        RequireNone(wrong);
        Assert.InRange(rules.Count(rule => rule.IsAlert), 10, int.MaxValue);
        RequireNone(await stack.WrongAsync(async () => (await stack.Prometheus.RulesAsync())
            .Where(rule => rule.Health != "ok")
            .Select(rule => $"{rule.Name} is {rule.Health}")
            .FirstOrDefault()));
    }

    [Fact]
    public async Task Every_name_is_a_metric_of_ours()
    {
        LoadedRule[] rules = await stack.Prometheus.RulesAsync();
        (string Where, string Expression)[] all =
        [
            .. Board.All.SelectMany(board => board.Expressions),
            .. rules.Select(rule => ($"rule {rule.Name}", rule.Query)),
        ];

        RequireNone(await stack.WrongAsync(async () =>
        {
            string[] unknown = [.. UnknownMetrics.Find(all, await stack.Prometheus.NamesAsync())];
            return unknown.Length == 0 ? null : string.Join(Environment.NewLine, unknown);
        }));
    }

    // Said whole: an assertion on a collection shows the beginnings.
    private static void RequireNone(List<string> wrong) =>
        RequireNone(wrong.Count == 0 ? null : string.Join(Environment.NewLine, wrong));

    private static void RequireNone(string? wrong)
    {
        if (wrong is not null)
        {
            Assert.Fail(wrong);
        }
    }

    private async Task AddWrongAsync(List<string> wrong, string where, string expression)
    {
        Assert.DoesNotContain("$", expression, StringComparison.Ordinal);
        string? why = await stack.WrongAsync(async () =>
        {
            (double[] values, string? error) = await stack.Prometheus.EvaluateAsync(expression);
            return error
                ?? (Array.Exists(values, double.IsFinite) ? null
                    : values.Length == 0 ? "no data" : $"only {string.Join(", ", values.Distinct())}");
        });
        if (why is not null)
        {
            wrong.Add($"{where}: {why}: {expression}");
        }
    }
}
