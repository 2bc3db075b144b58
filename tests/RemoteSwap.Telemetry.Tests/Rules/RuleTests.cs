using System.Text.RegularExpressions;

namespace RemoteSwap.Telemetry.Tests.Rules;

/// <summary>The alerts, judged by Prometheus' own tool; and their runbook.</summary>
public sealed partial class RuleTests
{
    private static readonly string s_rules = File.ReadAllText(DeployFiles.Rules);

    [Theory]
    [InlineData("check", "rules", "prometheus/remoteswap.rules.yaml")]
    [InlineData("check", "config", "prometheus/prometheus.yml")]
    [InlineData("test", "rules", "prometheus/remoteswap.rules.test.yaml")]
    public async Task Promtool_finds_nothing(string verb, string what, string file)
    {
        Requirement.Prometheus();

        (int exitCode, string said) =
            await OwnProcess.RunAsync(OwnProcess.Of("promtool", [verb, what, DeployFiles.Path(file)]));

        Assert.True(exitCode == 0, said);
    }

    // The canary: each number of an alert, made a hundred times larger, or smaller where it may not be fallen short of.
    [Fact]
    public async Task The_rules_own_tests_notice_each_other_threshold()
    {
        Requirement.Prometheus();
        string[] missed = await Task.WhenAll(Threshold().Matches(s_rules).Select(async match =>
        {
            using TempFolder folder = new();
            string number = match.Groups["comparison"].Value == "<" ? "0.001" : "1000000";
            await File.WriteAllTextAsync(
                folder.File(Path.GetFileName(DeployFiles.Rules)),
                s_rules[..match.Groups["number"].Index] + number
                + s_rules[(match.Groups["number"].Index + match.Groups["number"].Length)..]);
            string tests = folder.File("tests.yaml");
            File.Copy(DeployFiles.RuleTests, tests);
            (int exitCode, _) = await OwnProcess.RunAsync(OwnProcess.Of("promtool", ["test", "rules", tests]));
            return exitCode == 0 ? match.Value : "";
        }));

        Assert.InRange(missed.Length, 10, int.MaxValue);
        Assert.All(missed, Assert.Empty);
    }

    [Fact]
    public void Each_alert_says_what_it_is_and_has_a_section_of_the_runbook()
    {
        string runbook = DeployFiles.Read("RUNBOOK.md");
        string[] alerts = [.. Alert().Matches(s_rules).Select(match => match.Groups[1].Value)];

        Assert.InRange(alerts.Length, 10, int.MaxValue);
        Assert.Equal(
            alerts.Order(StringComparer.Ordinal),
            Section().Matches(runbook).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal));
        Assert.All(alerts, alert =>
        {
            string text = s_rules[s_rules.IndexOf($"- alert: {alert}\n", StringComparison.Ordinal)..];
            int next = text.IndexOf("- alert: ", 1, StringComparison.Ordinal);
            text = next > 0 ? text[..next] : text;
            Assert.Matches(@"labels: \{severity: (critical|warning)\}", text);
            Assert.Contains("summary: ", text, StringComparison.Ordinal);
            Assert.Contains("description: ", text, StringComparison.Ordinal);
            Assert.Contains(
                $"runbook_url: deploy/RUNBOOK.md#{alert.ToLowerInvariant()}\n", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Files_that_the_compose_file_mounts_are_there()
    {
        string[] mounted =
            [.. Mount().Matches(DeployFiles.Read("compose.yaml")).Select(match => match.Groups[1].Value)];

        Assert.InRange(mounted.Length, 4, int.MaxValue);
        Assert.All(mounted, path => Assert.True(Path.Exists(DeployFiles.Path(path)), path));
    }

    [GeneratedRegex(@"(?<comparison>[<>=]) (?<number>[0-9.]+)(?= and |\n)", RegexOptions.ExplicitCapture)]
    private static partial Regex Threshold();

    [GeneratedRegex(@"- alert: (\w+)\n")]
    private static partial Regex Alert();

    [GeneratedRegex(@"^## (?<name>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Section();

    [GeneratedRegex(@"- \./([\w./-]+):")]
    private static partial Regex Mount();
}
