using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>
/// docs/METRICS.md says what the code measures, and Prometheus sees it under the names that stand there.
/// </summary>
[Collection(nameof(AloneCollection))]
public sealed class MetricsReferenceTests
{
    [Fact]
    public async Task TheReferenceIsWhatTheCodeMeasures()
    {
        StringBuilder text = new("""
            # Metrics

            Made from the code by a test (`METRICS_UPDATE=1` writes it); do not edit it by hand. How metrics are read,
            which tenants they name and what limits there are is in `README.md` and in the settings of section
            `Telemetry` (`remoteswap-server --print-config`).

            Counters count since the process began. Latencies are in seconds, in buckets of 1, 2 and 5 from a
            microsecond to a second. The tag `remoteswap.tenant` is there or not as `Telemetry:TenantTag` says. A metric
            without tags is of the process as a whole.

            """);
        foreach (ReferenceSource source in ReferenceSources.All)
        {
            using InstrumentList instruments = new(source.Meters);
            await source.ExerciseAsync(instruments.Observe);
            text.Append(CultureInfo.InvariantCulture, $"\n## {source.Title}\n");
            foreach (string meter in source.Meters)
            {
                AddTable(text, meter, instruments);
            }
        }

        CommittedText.Check("docs/METRICS.md", text.ToString());
    }

    [Fact]
    public async Task PrometheusSeesEveryInstrumentOfTheServerByItsName()
    {
        using InstrumentList instruments = new(ReferenceSources.All[0].Meters);
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(folder.Settings("8MiB"));
        await ReferenceSources.UseAsync(server);

        string[] seen = [.. (await Scrape.OfAsync(server)).Names];

        Assert.NotEmpty(instruments.All);
        Assert.All(instruments.All, each => Assert.Contains(
            PrometheusName.Of(each.Instrument)
                + (PrometheusName.TypeOf(each.Instrument) == "histogram" ? "_count" : ""),
            seen));
    }

    private static void AddTable(StringBuilder text, string meter, InstrumentList instruments)
    {
        text.Append(CultureInfo.InvariantCulture, $"""

            ### Meter {meter}

            | name | in Prometheus | type | unit | tags | |
            |---|---|---|---|---|---|

            """);
        foreach ((Instrument instrument, IReadOnlyList<string> tags) in
            instruments.All.Where(each => each.Instrument.Meter.Name == meter))
        {
            string tagText = tags.Count == 0 ? "-" : string.Join(", ", tags.Select(tag => $"`{tag}`"));
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{instrument.Name}` | `{PrometheusName.Of(instrument)}` | {PrometheusName.TypeOf(instrument)} | "
                + $"{instrument.Unit} | {tagText} | {instrument.Description} |\n");
        }
    }
}
