using System.Text;
using RemoteSwap.LoadGen.Reports.Model;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Reports;

/// <summary>
/// Writes a report as one HTML file with everything in it: no script, no other file, no other host. Well-formed XML,
/// and light or dark as the reader's system is.
/// </summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --bg: #fff; --fg: #1c2126; --dim: #5c6670; --grid: #dde2e7;
          --c1: #1967d2; --c2: #c5521c; --c3: #1e8e3e; --c4: #8430ce; --c5: #b06000; --c6: #12858d; }
        @media (prefers-color-scheme: dark) { :root { --bg: #15191d; --fg: #e4e8ec; --dim: #9aa5b0; --grid: #313940;
          --c1: #7fb0ff; --c2: #ff9d6e; --c3: #74d18b; --c4: #cf9bff; --c5: #f2c063; --c6: #6bd3da; } }
        body { background: var(--bg); color: var(--fg); font: 15px/1.5 system-ui, sans-serif; max-width: 900px;
          margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } .dim { color: var(--dim); }
        table { border-collapse: collapse; width: 100%; } th, td { text-align: right; padding: .25rem .5rem;
          border-bottom: 1px solid var(--grid); } th:first-child, td:first-child { text-align: left; }
        .verdict { border-left: 5px solid var(--c3); padding: .5rem 1rem; } .verdict.bad { border-color: var(--c2); }
        pre { overflow-x: auto; } svg { width: 100%; height: auto; } svg text { fill: var(--fg); font-size: 12px; }
        svg text.x { text-anchor: middle; } svg text.y { text-anchor: end; } .grid { stroke: var(--grid); }
        polyline { fill: none; stroke-width: 2; }
        .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); } .s4 { stroke: var(--c4); }
        .s5 { stroke: var(--c5); } .s6 { stroke: var(--c6); } .f1 { fill: var(--c1); } .f2 { fill: var(--c2); }
        .f3 { fill: var(--c3); } .f4 { fill: var(--c4); } .f5 { fill: var(--c5); } .f6 { fill: var(--c6); }
        """;

    private static readonly (string Name, int Color)[] s_latencySeries =
    [
        (PhaseNames.Store, 1), (PhaseNames.Load, 2), (PhaseNames.PingStore, 3), (PhaseNames.PingLoad, 4),
        (PhaseNames.MixedStore, 5), (PhaseNames.MixedLoad, 6),
    ];

    /// <summary>The report as a whole file.</summary>
    public static string Format(RunReport report)
    {
        StringBuilder html = new();
        html.AppendLine("<!DOCTYPE html>")
            .AppendLine("<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
            .AppendLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")
            .AppendLine("<title>RemoteSwap load report</title>")
            .Append("<style>").AppendLine(Style).AppendLine("</style></head><body>")
            .AppendLine("<h1>RemoteSwap load report</h1>");
        AppendVerdict(html, report);
        AppendPhases(html, report.Phases);
        html.AppendLine("<h2>Throughput over time</h2>").AppendLine(Throughput(report.Phases));
        html.AppendLine("<h2>Latency of a call, by percentile</h2>").AppendLine(Latency(report.Phases));
        html.AppendLine("<h2>Pages</h2>").AppendLine(SvgPlot.Bar(
            "source pages by kind", [.. report.Pages.Kinds.Select(kind => (kind.Kind, kind.Share))]));
        AppendText(html, report);
        return html.AppendLine("</body></html>").ToString();
    }

    private static void AppendVerdict(StringBuilder html, RunReport report)
    {
        bool clean = report.Verdict.Result == "clean" && report.ExitCode == Options.ExitCode.Ok;
        VerdictReport verdict = report.Verdict;
        string words = verdict.Result switch
        {
            "clean" => FormattableString.Invariant($"Every page came back right: {verdict.PagesCompared:N0} compared."),
            "wrong" => FormattableString.Invariant($"{verdict.PagesWrong:N0} pages came back wrong or were lost."),
            _ => "No page was compared.",
        };
        html.Append("<p class=\"verdict").Append(clean ? string.Empty : " bad").Append("\">")
            .Append(SvgPlot.Escape(words)).Append(" Exit code ").Append(report.ExitCode).AppendLine(".</p>");
    }

    private static void AppendPhases(StringBuilder html, IReadOnlyList<PhaseReport> phases)
    {
        html.AppendLine("<table><thead><tr><th>phase</th><th>pages</th><th>pages/s</th><th>MB/s</th><th>p50</th>"
            + "<th>p99</th><th>p99.9</th><th>max</th><th>of ping</th></tr></thead><tbody>");
        foreach (PhaseReport phase in phases)
        {
            LatencyReport latency = phase.LatencyUs;
            string ceiling = phase.CeilingRatio is double ratio
                ? FormattableString.Invariant($"{ratio * 100:0} %")
                : string.Empty;
            html.Append("<tr><td>").Append(SvgPlot.Escape(phase.Name)).Append("</td><td>")
                .AppendJoin("</td><td>",
                    FormattableString.Invariant($"{phase.Pages:N0}"),
                    FormattableString.Invariant($"{phase.PagesPerSecond:N0}"),
                    FormattableString.Invariant($"{phase.RawMegabytesPerSecond:N1}"),
                    TextReport.Time(latency.P50),
                    TextReport.Time(latency.P99),
                    TextReport.Time(latency.P999),
                    TextReport.Time(latency.Max),
                    ceiling)
                .AppendLine("</td></tr>");
        }

        html.AppendLine("</tbody></table>");
    }

    private static string Throughput(IReadOnlyList<PhaseReport> phases)
    {
        // Loads and stores of the mixed phase share one timeline.
        (string Phase, string Name, int Color)[] shown =
        [
            (PhaseNames.Store, "store", 1), (PhaseNames.Load, "load", 2), (PhaseNames.MixedLoad, "mixed", 5),
        ];
        List<PlotSeries> series = [];
        foreach ((string phase, string name, int color) in shown)
        {
            PhaseReport? found = phases.FirstOrDefault(candidate => candidate.Name == phase);
            if (found is { Timeline.Count: > 0 })
            {
                series.Add(new PlotSeries(
                    name, color, [.. found.Timeline.Select(point => (point.Seconds, point.PagesPerSecond))]));
            }
        }

        (double X, double Y)[] points = [.. series.SelectMany(line => line.Points)];
        return SvgPlot.Lines(
            "pages a second over the seconds of each phase",
            PlotAxis.Linear(points.Select(p => p.X).DefaultIfEmpty(1).Max(), " s", roundUp: false),
            PlotAxis.Linear(points.Select(p => p.Y).DefaultIfEmpty(1).Max(), "/s", roundUp: true),
            series);
    }

    private static string Latency(IReadOnlyList<PhaseReport> phases)
    {
        List<PlotSeries> series = [];
        foreach ((string name, int color) in s_latencySeries)
        {
            PhaseReport? found = phases.FirstOrDefault(candidate => candidate.Name == name);
            if (found is { Curve.Count: > 0 })
            {
                series.Add(new PlotSeries(name, color, [.. found.Curve.Select(p => (p.Percent, p.LatencyUs))]));
            }
        }

        double[] values = [.. series.SelectMany(line => line.Points).Select(p => p.Y)];
        return SvgPlot.Lines(
            "latency of calls by percentile",
            PlotAxis.Percentiles(),
            PlotAxis.LogMicroseconds(values.DefaultIfEmpty(1).Min(), values.DefaultIfEmpty(10).Max()),
            series);
    }

    private static void AppendText(StringBuilder html, RunReport report)
    {
        using StringWriter text = new();
        TextReport.Write(report, text);
        html.AppendLine("<h2>All figures</h2>")
            .Append("<pre>").Append(SvgPlot.Escape(text.ToString())).AppendLine("</pre>");
    }
}
