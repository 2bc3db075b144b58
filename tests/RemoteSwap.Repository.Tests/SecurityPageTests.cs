using System.Text.RegularExpressions;
using Xunit;

namespace RemoteSwap.Repository.Tests;

/// <summary>What stands in SECURITY.md as proven is proven by tests that exist.</summary>
public sealed partial class SecurityPageTests
{
    private const string Page = "SECURITY.md";

    // A table that was cut short would pass otherwise.
    private const int LeastRows = 60;

    [Fact]
    public void Every_attack_names_a_test_that_exists()
    {
        string[] rows =
        [
            .. Repository.Read(Page).Split('\n')
                .SkipWhile(line => line != "| attack | what stops it | test |")
                .Skip(2)
                .Where(line => line.StartsWith('|')),
        ];
        ILookup<string, string> sources = Repository.Sources
            .Where(path => path.StartsWith("tests/", StringComparison.Ordinal))
            .ToLookup(path => Path.GetFileNameWithoutExtension(path)!, StringComparer.Ordinal);

        Assert.True(rows.Length >= LeastRows, $"{rows.Length} rows");
        Assert.DoesNotContain(rows, row => !TestName().IsMatch(row));
        Assert.Empty(
            from row in rows
            from Match test in TestName().Matches(row)
            let method = test.Groups["method"].Value
            where !sources[test.Groups["class"].Value].Any(path =>
                method.Length == 0 || Repository.Read(path).Contains($" {method}(", StringComparison.Ordinal))
            select test.Value);
    }

    // A class of tests, alone or with one of its methods.
    [GeneratedRegex(
        @"`(?<class>[A-Z]\w+(Tests|Mutants|Test))(\.(?<method>[A-Z]\w+))?(\(\w+\))?`",
        RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();
}
