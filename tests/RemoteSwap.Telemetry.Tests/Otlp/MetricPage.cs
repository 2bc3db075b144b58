using System.Globalization;
using System.Text;

namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>
/// Metrics as Prometheus reads them, translated as OpenTelemetry's rules for Prometheus say and as the collector of the
/// deploy folder is told to: without those of the server, which Prometheus asks itself.
/// </summary>
internal static class MetricPage
{
    private const string Scraped = "remoteswap-server";

    public static string Of(IEnumerable<ReceivedMetric> metrics)
    {
        StringBuilder page = new();
        foreach (ReceivedMetric received in metrics.Where(metric => metric.Service.Name != Scraped))
        {
            Metric metric = received.Metric;
            string name = NameOf(metric);
            string labels = $"job=\"{received.Service.Name}\",instance=\"{received.Service.Instance}\","
                + $"otel_scope_name=\"{received.Scope}\"";
            foreach (NumberPoint point in metric.Gauge?.Points ?? metric.Sum?.Points ?? [])
            {
                double value = point.ValueCase == NumberPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
                Line(page, name, labels + Labels(point.Attributes), value);
            }

            foreach (HistogramPoint point in metric.Histogram?.Points ?? [])
            {
                Write(page, name, labels + Labels(point.Attributes), point);
            }
        }

        return page.ToString();
    }

    private static void Write(StringBuilder page, string name, string labels, HistogramPoint point)
    {
        ulong below = 0;
        for (int bucket = 0; bucket < point.BucketCounts.Count; bucket++)
        {
            below += point.BucketCounts[bucket];
            string bound = bucket < point.Bounds.Count
                ? point.Bounds[bucket].ToString("R", CultureInfo.InvariantCulture)
                : "+Inf";
            Line(page, $"{name}_bucket", $"{labels},le=\"{bound}\"", below);
        }

        Line(page, $"{name}_sum", labels, point.Sum);
        Line(page, $"{name}_count", labels, point.Count);
    }

    private static string NameOf(Metric metric)
    {
        string name = metric.Name.Replace('.', '_');
        string unit = metric.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return name + unit + (metric.Sum is { IsMonotonic: true } ? "_total" : "");
    }

    private static string Labels(IEnumerable<KeyValue> attributes) => string.Concat(
        attributes.Select(one => $",{one.Key.Replace('.', '_')}=\"{Text(one.Value)}\""));

    private static string Text(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", CultureInfo.InvariantCulture),
        _ => value.StringValue,
    };

    private static void Line(StringBuilder page, string name, string labels, double value) =>
        page.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {value:R}\n");
}
