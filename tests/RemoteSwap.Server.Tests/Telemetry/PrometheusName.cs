using System.Diagnostics.Metrics;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>
/// What an instrument is called in Prometheus, by the rules of OpenTelemetry's exporter; a test compares it with what a
/// server really says.
/// </summary>
internal static class PrometheusName
{
    public static string Of(Instrument instrument)
    {
        string name = instrument.Name.Replace('.', '_');
        string unit = (instrument.Unit ?? "") switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        bool isCounter = TypeOf(instrument) == "counter";
        return name + (name.EndsWith(unit, StringComparison.Ordinal) ? "" : unit) + (isCounter ? "_total" : "");
    }

    /// <summary>The kind of instrument, in a word.</summary>
    public static string TypeOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "UpDownCounter" or "ObservableUpDownCounter" => "up-down counter",
        "Gauge" or "ObservableGauge" => "gauge",
        "Histogram" => "histogram",
        string other => throw new NotSupportedException(other),
    };
}
