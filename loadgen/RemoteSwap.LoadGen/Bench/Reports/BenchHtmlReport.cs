using System.Text;
using RemoteSwap.LoadGen.Bench.Reports.Model;
using RemoteSwap.LoadGen.Reports;

namespace RemoteSwap.LoadGen.Bench.Reports;

/// <summary>
/// Writes results as one HTML file with everything in it: no script, no other file, no other host. Well-formed XML.
/// </summary>
internal static class BenchHtmlReport
{
    private const string Bars = """
        td.bars { width: 20%; } .bar { background: var(--c1); height: .6rem; display: block; }
        th.left { text-align: left; }
        .pass { color: var(--c3); } .short { color: var(--c2); } .wide { overflow-x: auto; }
        """;

    /// <summary>The results as a whole file.</summary>
    public static string Format(BenchReport report)
    {
        StringBuilder html = new();
        html.AppendLine("<!DOCTYPE html>")
            .AppendLine("<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
            .AppendLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")
            .AppendLine("<title>RemoteSwap benchmark</title>")
            .Append("<style>").AppendLine(HtmlStyle.Css).AppendLine(Bars).AppendLine("</style></head><body>")
            .AppendLine("<h1>RemoteSwap benchmark</h1>");
        bool clean = report.ExitCode == LoadGen.Options.ExitCode.Ok;
        html.Append("<p class=\"verdict").Append(clean ? string.Empty : " bad").Append("\">")
            .Append(SvgPlot.Escape(BenchTextReport.Sum(report))).AppendLine("</p>");
        foreach (SetReport set in report.Sets)
        {
            foreach (GroupReport group in set.Groups)
            {
                html.Append("<h2>").Append(SvgPlot.Escape($"{set.Name}: {group.Title}")).AppendLine("</h2>");
                AppendRatios(html, group.Ratios);
                AppendLegs(html, group.Legs);
            }

            foreach (string absent in set.Absent)
            {
                html.Append("<p class=\"dim\">").Append(SvgPlot.Escape($"{set.Name}: {absent}")).AppendLine("</p>");
            }
        }

        using StringWriter text = new();
        BenchTextReport.Write(report, text);
        return html.AppendLine("<h2>All figures</h2>")
            .Append("<pre>").Append(SvgPlot.Escape(text.ToString())).AppendLine("</pre>")
            .AppendLine("</body></html>")
            .ToString();
    }

    private static void AppendRatios(StringBuilder html, IReadOnlyList<RatioReport> ratios)
    {
        if (ratios.Count == 0)
        {
            return;
        }

        html.AppendLine("<table><thead><tr><th>ratio</th><th>median (lowest - highest)</th><th>goal</th><th></th></tr>"
            + "</thead><tbody>");
        foreach (RatioReport ratio in ratios)
        {
            string verdict = ratio.Met switch
            {
                true => "<td class=\"pass\">PASS</td>",
                false => "<td class=\"short\">short</td>",
                null => "<td></td>",
            };
            html.Append("<tr><td>")
                .AppendJoin(
                    "</td><td>",
                    SvgPlot.Escape(ratio.Title),
                    SvgPlot.Escape(BenchTextReport.Text(ratio.Figure)),
                    SvgPlot.Escape(ratio.Goal ?? string.Empty))
                .Append("</td>").Append(verdict).AppendLine("</tr>");
        }

        html.AppendLine("</tbody></table>");
    }

    private static void AppendLegs(StringBuilder html, IReadOnlyList<LegReport> legs)
    {
        double most = legs.Max(leg => leg.PagesPerSecond?.High ?? 0);
        html.AppendLine("<div class=\"wide\"><table><thead><tr><th>leg</th><th class=\"left\">pages/s</th><th></th>"
            + "<th>p50 us</th><th>p99 us</th><th>client us/page</th><th>server us/page</th></tr></thead><tbody>");
        foreach (LegReport leg in legs)
        {
            double share = most > 0 ? (leg.PagesPerSecond?.Median ?? 0) / most : 0;
            html.Append("<tr><td>").Append(SvgPlot.Escape(leg.Name))
                .Append(FormattableString.Invariant(
                    $"</td><td class=\"bars\"><span class=\"bar\" style=\"width:{share * 100:0.#}%\"></span></td><td>"))
                .AppendJoin(
                    "</td><td>",
                    SvgPlot.Escape(leg.Error ?? BenchTextReport.Text(leg.PagesPerSecond)),
                    BenchTextReport.Text(leg.P50Us),
                    BenchTextReport.Text(leg.P99Us),
                    BenchTextReport.Text(leg.ClientCpuUs),
                    BenchTextReport.Text(leg.ServerCpuUs))
                .AppendLine("</td></tr>");
        }

        html.AppendLine("</tbody></table></div>");
    }
}
