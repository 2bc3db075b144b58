using System.Text.RegularExpressions;
using Xunit;

namespace RemoteSwap.Repository.Tests;

/// <summary>
/// The table of rules in ARCHITECTURE.md: all of them are in it, and every test that it names is a test.
/// </summary>
public sealed partial class RuleTableTests
{
    private const string Document = "ARCHITECTURE.md";
    private const int Invariants = 12;
    private const int Requirements = 18;

    private static readonly Match[] s_rows = [.. Row().Matches(Repository.Read(Document)).OfType<Match>()];

    [Fact]
    public void Every_rule_has_a_row() => Assert.Equal(
        [
            .. Enumerable.Range(1, Invariants).Select(number => $"I{number}"),
            .. Enumerable.Range(1, Requirements).Select(number => $"R{number}"),
        ],
        s_rows.Select(row => row.Groups["rule"].Value));

    [Fact]
    public void Every_row_names_tests_that_are_there() => Assert.Empty(
        from row in s_rows
        let tests = Test().Matches(row.Groups["tests"].Value)
        from missing in tests.Count == 0
            ? ["no test is named"]
            : tests.Where(test => !IsThere(test.Groups["class"].Value, test.Groups["method"].Value))
                .Select(test => test.Value)
        select $"{row.Groups["rule"].Value}: {missing}");

    private static bool IsThere(string name, string method) => Repository.Sources
        .Where(path => path.StartsWith("tests/", StringComparison.Ordinal)
            && Path.GetFileNameWithoutExtension(path) == name)
        .Any(path => Regex.IsMatch(
            Repository.Read(path),
            $@"\[(Fact|Theory)\][^{{;]*?public (async )?(void|Task) {method}\(",
            RegexOptions.Singleline | RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(10)));

    [GeneratedRegex(
        @"^\| (?<rule>[IR]\d+) \|[^|]*\| (?<tests>[^|]*) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<class>\w+)\.(?<method>\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Test();
}
