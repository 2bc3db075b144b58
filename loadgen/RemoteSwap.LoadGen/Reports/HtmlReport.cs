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
            .Append("<style>").AppendLine(HtmlStyle.Css).AppendLine("</style></head><body>")
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
