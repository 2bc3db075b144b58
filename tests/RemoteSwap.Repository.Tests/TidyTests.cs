using System.Text.RegularExpressions;
using Xunit;

namespace RemoteSwap.Repository.Tests;

/// <summary>A test of the repository itself: what a reviewer would otherwise have to say each time.</summary>
public sealed partial class TidyTests
{
    private const int MaxColumns = 120;
    private const int MaxFileLines = 400;
    private const int MaxReadmeLines = 150;

    private static readonly string[] BannedSuffixes = ["Manager", "Helper", "Utils", "Common", "Base"];

    [Fact]
    public void Lines_are_short_enough_to_read() => Assert.Empty(
        from path in Repository.Sources
        from line in Repository.Lines(path).Select((text, index) => (text, number: index + 1))
        where line.text.Length > MaxColumns
        select $"{path}:{line.number} has {line.text.Length} columns");

    [Fact]
    public void Files_hold_one_concern() => Assert.Empty(
        from path in Repository.Sources
        let lines = Repository.Lines(path).Length
        where lines > MaxFileLines
        select $"{path} has {lines} lines");

    [Fact]
    public void Nothing_is_left_behind() => Assert.Empty(
        from path in Repository.Sources
        where !path.EndsWith("TidyTests.cs", StringComparison.Ordinal)
        from line in Repository.Lines(path).Select((text, index) => (text, number: index + 1))
        where LeftBehind().IsMatch(line.text)
        select $"{path}:{line.number} {line.text.Trim()}");

    [Fact]
    public void Classes_are_named_by_what_they_are() => Assert.Empty(
        from path in Repository.Sources
        let name = Path.GetFileNameWithoutExtension(path)
        where BannedSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal))
        select path);

    [Fact]
    public void Unsafe_code_is_in_the_arena_and_the_codec_only() => Assert.Empty(
        from path in Repository.Sources
        where !path.StartsWith("server/RemoteSwap.Pool/", StringComparison.Ordinal)
            && !path.StartsWith("protos/RemoteSwap.Codec/", StringComparison.Ordinal)
            && !path.StartsWith("tests/", StringComparison.Ordinal)
            && UnsafeKeyword().IsMatch(Repository.Read(path))
        select path);

    [Fact]
    public void Text_files_end_with_one_line_end_and_have_no_trailing_blanks() => Assert.Empty(
        from path in Repository.Files
        where path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".md", StringComparison.Ordinal)
            || path.EndsWith(".proto", StringComparison.Ordinal) || path.EndsWith(".sh", StringComparison.Ordinal)
        let text = Repository.Read(path)
        where !text.EndsWith('\n') || text.EndsWith("\n\n", StringComparison.Ordinal) || TrailingBlank().IsMatch(text)
        select path);

    [Fact]
    public void The_readme_is_short() =>
        Assert.InRange(Repository.Lines("README.md").Length, 1, MaxReadmeLines);

    [Fact]
    public void The_top_level_is_the_founding_cards()
    {
        string[] folders = [.. Repository.Files.Where(path => path.Contains('/', StringComparison.Ordinal))
            .Select(path => path.Split('/')[0]).Distinct(StringComparer.Ordinal).Where(name => name[0] != '.')];

        Assert.Equal(["client", "docs", "loadgen", "protos", "server", "tests"], folders);
        Assert.Contains("RemoteSwap.sln", Repository.Files);
        Assert.Contains("Dockerfile", Repository.Files);
    }

    // Split, so that this file does not find itself.
    [GeneratedRegex(
        "TO" + "DO|FIX" + @"ME|\bHACK\b|NotImplemented" + @"Exception|Thread\.Sleep\(|#region|catch \(Exception\)")]
    private static partial Regex LeftBehind();

    [GeneratedRegex(@"\bunsafe\b\s+(class|static|sealed|partial|void|\{)|\bfixed\s*\(")]
    private static partial Regex UnsafeKeyword();

    [GeneratedRegex(@"[ \t]+$", RegexOptions.Multiline)]
    private static partial Regex TrailingBlank();
}
