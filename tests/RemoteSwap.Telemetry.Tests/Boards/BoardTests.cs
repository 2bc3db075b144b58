using System.Globalization;
using System.Text.RegularExpressions;

namespace RemoteSwap.Telemetry.Tests.Boards;

/// <summary>What every dashboard has, whatever it shows.</summary>
public sealed partial class BoardTests
{
    private const int MostPanels = 20;

    [Fact]
    public void There_are_three_with_names_that_stay() => Assert.Equal(
        ["remoteswap-device", "remoteswap-overview", "remoteswap-tenant"],
        Board.All.Select(board => board.Uid));

    [Fact]
    public void None_is_longer_than_a_person_reads() =>
        Assert.All(Board.All, board => Assert.InRange(board.Panels.Count, 5, MostPanels));

    [Fact]
    public void Each_asks_for_data_source_instance_and_tenant() => Assert.All(
        Board.All, board => Assert.Equal(["datasource", "instance", "tenant"], board.Variables));

    [Fact]
    public void Each_panel_says_what_it_means_what_is_normal_and_what_to_do() => Assert.Empty(
        from board in Board.All
        from panel in board.Panels
        where panel.Unit.Length == 0
            || !Description().IsMatch(panel.Description)
            || panel.DataSources.Any(source => source != "${datasource}")
            || panel.Expressions.Count == 0
        select $"{board.Name}: {panel.Title}");

    [Fact]
    public void Panels_are_told_apart_by_their_titles() => Assert.All(
        Board.All,
        board => Assert.Equal(board.Panels.Count, board.Panels.DistinctBy(panel => panel.Title).Count()));

    [Fact]
    public async Task Thresholds_that_are_drawn_are_those_of_the_alerts()
    {
        Dictionary<string, double[]> alerts = Alert().Matches(await File.ReadAllTextAsync(DeployFiles.Rules))
            .ToDictionary(
                match => match.Groups["name"].Value,
                match => Compared().Matches(match.Groups["expression"].Value)
                    .Select(number => double.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture))
                    .ToArray(),
                StringComparer.Ordinal);

        (string Panel, string Alert, IReadOnlyList<double> Thresholds)[] named =
        [
            .. from board in Board.All
               from panel in board.Panels
               from match in AlertName().Matches(panel.Description)
               select ($"{board.Name}: {panel.Title}", match.Groups[1].Value, panel.Thresholds),
        ];

        Assert.Equal(
            alerts.Keys.Order(StringComparer.Ordinal),
            named.Select(one => one.Alert).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        // A whole number that must stay 0, or 1, is drawn between both: at 1.
        Assert.All(named.Where(one => one.Thresholds.Count > 0), one => Assert.True(
            alerts[one.Alert].Any(number => one.Thresholds.Contains(number) || one.Thresholds.Contains(number + 1)),
            $"{one.Panel} draws {string.Join(", ", one.Thresholds)}, {one.Alert} compares with others"));
    }

    [GeneratedRegex(@"\w.*\n\nNormal: \w.*\n\nIf not: \w", RegexOptions.Singleline)]
    private static partial Regex Description();

    [GeneratedRegex(@"Alert: (\w+)\.")]
    private static partial Regex AlertName();

    [GeneratedRegex(
        @"- alert: (?<name>\w+)\s+expr: (?<expression>[^\n]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Alert();

    [GeneratedRegex(@"[<>=] ([0-9.]+)(?= and |$)")]
    private static partial Regex Compared();
}
