using System.Reflection;
using System.Text.RegularExpressions;

namespace RemoteSwap.Nbd.Tests.Units;

public sealed class ConformancePageTests
{
    private static readonly string s_page = File.ReadAllText(
        typeof(ConformancePageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "ConformancePage").Value!);

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        HashSet<string> tests = [.. typeof(ConformancePageTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes<FactAttribute>().Any())
            .Select(method => method.Name)];

        // A test's name has lower-case words; names of the protocol have none.
        string[] named =
            [.. Regex.Matches(s_page, "`([A-Z][a-z]*_[a-z0-9_]+)`").Select(match => match.Groups[1].Value)];

        Assert.True(named.Length > 50);
        Assert.Empty(named.Except(tests));
    }
}
