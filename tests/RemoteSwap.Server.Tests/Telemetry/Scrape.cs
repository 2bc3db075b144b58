using System.Globalization;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>What the management port's /metrics said: series by name and tags.</summary>
internal sealed class Scrape
{
    private readonly Dictionary<string, double> _series = new(StringComparer.Ordinal);

    private Scrape()
    {
    }

    /// <summary>The names of all series, without their tags.</summary>
    public IEnumerable<string> Names => _series.Keys.Select(series => series.Split('{')[0]).Distinct();

    /// <summary>Asks a server.</summary>
    public static async Task<Scrape> OfAsync(TestServer server)
    {
        // Figures of one collection are shared for a tenth of a second, and the exporter keeps its text for three.
        await Task.Delay(500);
        (_, string text) = await server.GetAsync("/metrics");
        Scrape scrape = new();

        // Prometheus text: name{tags} value [time].
        foreach (string line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            int brace = line.LastIndexOf('}');
            int end = brace >= 0 ? brace + 1 : line.IndexOf(' ', StringComparison.Ordinal);
            scrape._series[line[..end]] =
                double.Parse(line[end..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        }

        return scrape;
    }

    /// <summary>The one series of a name that has all of some tags.</summary>
    public double Of(string name, params (string Name, string Value)[] tags) => Assert.Single(Find(name, tags)).Value;

    /// <summary>All series of a name that have all of some tags, added up.</summary>
    public double Sum(string name, params (string Name, string Value)[] tags) =>
        Find(name, tags).Sum(series => series.Value);

    /// <summary>The values that a tag has among the series of a name.</summary>
    public string[] Values(string name, string tag) =>
    [
        .. from series in Find(name)
           let at = series.Key.IndexOf($"{tag}=\"", StringComparison.Ordinal)
           where at >= 0
           let value = series.Key[(at + tag.Length + 2)..]
           select value[..value.IndexOf('"', StringComparison.Ordinal)],
    ];

    private IEnumerable<KeyValuePair<string, double>> Find(string name, params (string Name, string Value)[] tags) =>
        _series.Where(series => series.Key.Split('{')[0] == name
            && tags.All(tag => series.Key.Contains($"{tag.Name}=\"{tag.Value}\"", StringComparison.Ordinal)));
}
