using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using RemoteSwap.LoadGen.Reports;
using RemoteSwap.LoadGen.Reports.Model;
using RemoteSwap.LoadGen.Tests.Workload;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Reports;

public sealed class ReportTests
{
    [Fact]
    public async Task The_json_output_has_a_schema_and_stable_names()
    {
        using JsonDocument json = JsonDocument.Parse(JsonReport.Format(await MakeAsync()));

        JsonElement root = json.RootElement;
        Assert.Equal("remoteswap.loadgen/1", root.GetProperty("schema").GetString());
        Assert.Equal(
            [
                "schema", "version", "started_utc", "seed", "exit_code", "interrupted", "machine", "setup", "pages",
                "phases", "memory", "spill", "verdict", "remarks",
            ],
            Names(root));
        Assert.Equal(
            ["processor", "cores", "memory_bytes", "kernel", "runtime", "garbage_collector"],
            Names(root.GetProperty("machine")));
        Assert.Equal(
            ["name", "pages", "calls", "seconds", "pages_per_second", "raw_megabytes_per_second", "ceiling_ratio",
                "latency_us", "curve", "failed_calls", "first_failure", "refused", "unreadable", "timeline"],
            Names(root.GetProperty("phases")[0]));
        Assert.Equal(
            ["mean", "p50", "p90", "p99", "p999", "p9999", "max"],
            Names(root.GetProperty("phases")[0].GetProperty("latency_us")));
        Assert.Equal(
            ["pages", "frames", "pages_per_frame", "used_bytes", "raw_bytes_per_used_byte", "resident_growth_bytes",
                "raw_bytes_per_resident_byte", "index_bytes_per_page", "same_filled_share", "incompressible_share",
                "managed_heap_bytes", "server_cpu_microseconds_per_page"],
            Names(root.GetProperty("memory")));
        Assert.Equal(
            ["result", "pages_compared", "empty_as_expected", "pages_wrong", "pages_not_judged", "slots_in_doubt",
                "mismatches", "server_violations"],
            Names(root.GetProperty("verdict")));
        Assert.Equal("clean", root.GetProperty("verdict").GetProperty("result").GetString());
        Assert.Equal("synthetic", root.GetProperty("pages").GetProperty("kinds")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Memory_figures_are_those_of_the_server_after_less_before()
    {
        MemoryReport memory = (await MakeAsync()).Memory!;

        Assert.Equal(600, memory.Pages);
        Assert.Equal(580.0 / 300, memory.PagesPerFrame);
        Assert.Equal(600 * 4096 / 1_300_000.0, memory.RawBytesPerUsedByte, precision: 9);
        Assert.Equal(600 * 4096 / 1_800_000.0, memory.RawBytesPerResidentByte, precision: 9);
        Assert.Equal(13_000.0 / 600, memory.IndexBytesPerPage, precision: 9);
    }

    [Fact]
    public async Task The_text_says_what_was_measured_and_the_verdict()
    {
        using StringWriter writer = new();
        TextReport.Write(await MakeAsync(), writer);
        string text = writer.ToString();

        Assert.Contains("seed 11", text, StringComparison.Ordinal);
        Assert.Contains("every page came back right", text, StringComparison.Ordinal);
        Assert.Contains("density 1.93 pages a frame", text, StringComparison.Ordinal);
        Assert.Contains("swap in ", text, StringComparison.Ordinal);
        Assert.Contains("One process serves both ends", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 130));
    }

    [Fact]
    public async Task The_html_report_is_well_formed_and_needs_no_other_file()
    {
        string html = HtmlReport.Format(await MakeAsync());

        using StringReader text = new(html);
        using XmlReader reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        XDocument page = XDocument.Load(reader);
        Assert.Equal(3, page.Descendants("svg").Count());
        Assert.InRange(page.Descendants("polyline").Count(), 4, 12);
        Assert.All(
            page.Descendants("polyline").Attributes("points"),
            points => Assert.DoesNotContain("NaN", points.Value, StringComparison.Ordinal));
        Assert.Empty(page.Descendants("script"));
        Assert.Empty(page.Descendants().Attributes("src"));
        Assert.Empty(page.Descendants().Attributes("href"));
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_html_report_bears_any_text()
    {
        RunReport report = await MakeAsync() with { Remarks = ["<script>&\"'\u0001"] };

        string html = HtmlReport.Format(report);

        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
    }

    private static async Task<RunReport> MakeAsync()
    {
        using TestBench bench = new(new MemoryTarget(Lie.None));
        return (await bench.RunAllAsync()).Report();
    }

    private static string[] Names(JsonElement element) =>
        [.. element.EnumerateObject().Select(property => property.Name)];
}
