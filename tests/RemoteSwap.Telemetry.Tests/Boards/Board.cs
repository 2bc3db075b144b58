using System.Text.Json;

namespace RemoteSwap.Telemetry.Tests.Boards;

/// <summary>A dashboard, as far as these tests look at it.</summary>
internal sealed record Board(
    string Name,
    string Uid,
    IReadOnlyList<BoardPanel> Panels,
    IReadOnlyList<string> Variables,
    IReadOnlyList<string> VariableQueries,
    IReadOnlyList<string> Annotations)
{
    /// <summary>The dashboards of the deploy folder.</summary>
    public static IReadOnlyList<Board> All { get; } =
        [.. DeployFiles.Dashboards.Select(path => Parse(Path.GetFileName(path), File.ReadAllText(path)))];

    /// <summary>Every expression and selector of it, with where it stands.</summary>
    public IEnumerable<(string Where, string Expression)> Expressions =>
    [
        .. from panel in Panels
           from expression in panel.Expressions
           select ($"{Name}, panel '{panel.Title}'", expression),
        .. VariableQueries.Select(query => ($"{Name}, variable", VariableQuery.Parse(query).Selector)),
        .. Annotations.Select(expression => ($"{Name}, annotation", expression)),
    ];

    public static Board Parse(string name, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        JsonElement[] variables = [.. root.GetProperty("templating").GetProperty("list").EnumerateArray()];
        return new Board(
            name,
            Text(root, "uid"),
            [.. root.GetProperty("panels").EnumerateArray().Select(PanelOf)],
            [.. variables.Select(variable => Text(variable, "name"))],
            [.. variables.Where(one => Text(one, "type") == "query").Select(one => Text(one, "definition"))],
            [
                .. root.GetProperty("annotations").GetProperty("list").EnumerateArray()
                    .Select(annotation => Text(annotation, "expr")),
            ]);
    }

    private static BoardPanel PanelOf(JsonElement panel)
    {
        JsonElement defaults = panel.GetProperty("fieldConfig").GetProperty("defaults");
        JsonElement[] targets = [.. panel.GetProperty("targets").EnumerateArray()];
        return new BoardPanel(
            Text(panel, "title"),
            Text(defaults, "unit"),
            Text(panel, "description"),
            [.. targets.Select(target => Text(target, "expr"))],
            [
                .. defaults.GetProperty("thresholds").GetProperty("steps").EnumerateArray()
                    .Select(step => step.GetProperty("value"))
                    .Where(value => value.ValueKind == JsonValueKind.Number)
                    .Select(value => value.GetDouble()),
            ],
            [.. targets.Append(panel).Select(one => Text(one.GetProperty("datasource"), "uid"))]);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
