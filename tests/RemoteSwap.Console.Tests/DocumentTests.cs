using System.Text.Json;
using System.Text.RegularExpressions;
using RemoteSwap.Mutants;

namespace RemoteSwap.Console.Tests;

/// <summary>docs/CONSOLE-API.md names every field of the console's documents, and no other.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] s_parts =
        File.ReadAllText(RepositoryRoot.Combine("docs/CONSOLE-API.md")).Split("\n## GET ");

    [Fact]
    public async Task Figures_are_documented()
    {
        await using LoadedServer server = await LoadedServer.StartAsync(spills: false);
        await server.StoreAsync(LoadedServer.Tight, 1024, make: PageKinds.Noise);
        JsonElement figures = await server.GetAsync("/console/api/figures");

        IEnumerable<string> printed = Names(figures).Except(["state", "server"])
            .Concat(Names(figures.GetProperty("state")).Select(name => $"state.{name}"))
            .Concat(Names(figures.GetProperty("server")).Select(name => $"server.{name}"))
            .Concat(Names(figures.GetProperty("tenants")[0]));
        Assert.Equal(printed.Order(StringComparer.Ordinal), Documented(s_parts[1]));
        Assert.Equal(Names(figures.GetProperty("totals")), Names(figures.GetProperty("tenants")[0]));
        Assert.Contains($"`{figures.GetProperty("schema").GetString()}`", s_parts[1], StringComparison.Ordinal);
        JsonElement latency = figures.GetProperty("latency");
        Assert.Equal(["operations", "watch"], Names(latency).Order(StringComparer.Ordinal));
        Assert.All(
            Names(latency.GetProperty("operations")[0]).Concat(Names(figures.GetProperty("refusals")[0])),
            name => Assert.Contains($"`{name}`", s_parts[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Frames_are_documented()
    {
        await using LoadedServer server = await LoadedServer.StartAsync();
        JsonElement frames = await server.GetAsync("/console/api/frames");

        string fields = s_parts[2][s_parts[2].IndexOf("| field |", StringComparison.Ordinal)..];
        string states = fields[fields.IndexOf("| letter |", StringComparison.Ordinal)..];
        Assert.Equal(
            Names(frames).Order(StringComparer.Ordinal),
            Documented(fields[..fields.IndexOf("| letter |", StringComparison.Ordinal)]));
        Assert.Equal(
            frames.GetProperty("states").EnumerateArray().Select(state => state.GetString()),
            State().Matches(states).Select(row => row.Groups["name"].Value));
        Assert.Contains($"`{frames.GetProperty("schema").GetString()}`", s_parts[2], StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(JsonElement element) =>
        element.EnumerateObject().Select(field => field.Name);

    // The names in the first column of tables.
    private static IEnumerable<string> Documented(string text) => Row().Matches(text)
        .SelectMany(row => Name().Matches(row.Groups["names"].Value))
        .Select(name => name.Groups["name"].Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^\| (?<names>`[^|]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[a-z_.]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\| `.` \| `(?<name>\w+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex State();
}
