using System.Text.RegularExpressions;
using Xunit;

namespace RemoteSwap.Repository.Tests;

/// <summary>Names in documents rot; these tests notice.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents =>
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "BENCHMARKS.md", "SECURITY.md"];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Files_that_a_document_links_to_are_there(string document) => Assert.Empty(
        from Match link in Link().Matches(Repository.Read(document))
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
            && !File.Exists(Path.Combine(Repository.Root, target))
            && !Directory.Exists(Path.Combine(Repository.Root, target))
        select target);

    [Theory]
    [MemberData(nameof(Documents))]
    public void Types_that_a_document_names_are_there(string document)
    {
        HashSet<string> types =
        [
            .. Repository.Sources.Select(path => Path.GetFileNameWithoutExtension(path)!),
            .. Repository.Files.Where(path => path.EndsWith(".proto", StringComparison.Ordinal))
                .SelectMany(path => ContractName().Matches(Repository.Read(path)))
                .Select(name => name.Groups["name"].Value),
        ];

        Assert.Empty(
            from Match name in TypeName().Matches(Repository.Read(document))
            where !types.Contains(name.Groups[1].Value)
            select name.Groups[1].Value);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(
        @"^\s*(message|enum|service|rpc) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ContractName();

    // Two humps and more in backticks, with no dot or blank: a type of ours, or a misspelt one.
    [GeneratedRegex(@"`([A-Z][a-z]+(?:[A-Z][a-z0-9]+)+)`")]
    private static partial Regex TypeName();
}
