using System.Text.Json;
using System.Text.RegularExpressions;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

/// <summary>docs/STAT-JSON.md names every field that <c>stat --json</c> prints, and no other.</summary>
public sealed partial class StatDocumentTests(TestServer server)
{
    private static readonly string s_document = File.ReadAllText(RepositoryRoot.Combine("docs/STAT-JSON.md"));

    [Fact]
    public async Task The_document_names_what_is_printed_and_nothing_else()
    {
        CliRun run = (await CliRun.StartAsync("stat", "--json", "-s", server.Of("stat"))).Expect(ExitCode.Ok);

        Assert.Contains($"`{run.Schema}`", s_document, StringComparison.Ordinal);
        Assert.Equal(Printed(run.Json), Documented("The document"));
        Assert.Equal(Printed(run.Json.GetProperty("server")), Documented("server"));
        Assert.Equal(Printed(run.Json.GetProperty("tenants")[0]), Documented("tenants"));
    }

    private static string[] Printed(JsonElement element) =>
        [.. element.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal)];

    private static string[] Documented(string section)
    {
        int start = s_document.IndexOf($"\n## {section}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, section);
        int end = s_document.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return
        [
            .. Row().Matches(s_document[start..(end < 0 ? s_document.Length : end)])
                .Select(row => row.Groups["name"].Value).Order(StringComparer.Ordinal),
        ];
    }

    [GeneratedRegex(@"^\| `(?<name>\w+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
