using System.Globalization;
using System.Security;
using System.Text;

namespace RemoteSwap.LoadGen.Reports;

/// <summary>
/// Draws lines and bars as SVG. Colours are classes of the page's style sheet, so that they suit light and dark.
/// </summary>
internal static class SvgPlot
{
    private const int Width = 860;
    private const int Height = 300;
    private const int Left = 70;
    private const int Right = 20;
    private const int Top = 34;
    private const int Bottom = 34;

    /// <summary>Lines over two axes, with a legend.</summary>
    public static string Lines(string title, PlotAxis x, PlotAxis y, IReadOnlyList<PlotSeries> series)
    {
        StringBuilder svg = Open(title, Height);
        foreach ((double value, string label) in y.Ticks)
        {
            double at = Y(y.Place(value));
            svg.Append(Grid(Left, at, Width - Right, at))
                .Append(Inv($"<text class=\"y\" x=\"{Left - 8}\" y=\"{at + 4:0.0}\">{Escape(label)}</text>"));
        }

        foreach ((double value, string label) in x.Ticks)
        {
            double at = X(x.Place(value));
            svg.Append(Grid(at, Top, at, Height - Bottom))
                .Append(Inv($"<text class=\"x\" x=\"{at:0.0}\" y=\"{Height - Bottom + 18}\">{Escape(label)}</text>"));
        }

        int legendAt = Left;
        foreach (PlotSeries line in series)
        {
            IEnumerable<string> points = line.Points.Select(p => Inv($"{X(x.Place(p.X)):0.0},{Y(y.Place(p.Y)):0.0}"));
            svg.Append(Inv($"<polyline class=\"s{line.Color}\" points=\"{string.Join(' ', points)}\"/>"))
                .Append(Inv($"<rect class=\"f{line.Color}\" x=\"{legendAt}\" y=\"12\" width=\"12\" height=\"12\"/>"))
                .Append(Inv($"<text x=\"{legendAt + 17}\" y=\"22\">{Escape(line.Name)}</text>"));
            legendAt += 40 + (line.Name.Length * 8);
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>One bar, cut into parts, with a legend.</summary>
    /// <param name="title">What it shows, for those who do not see it.</param>
    /// <param name="parts">The parts: name, share from 0 to 1.</param>
    public static string Bar(string title, IReadOnlyList<(string Name, double Share)> parts)
    {
        const int BarHeight = 90;
        StringBuilder svg = Open(title, BarHeight);
        double at = 0;
        int legendAt = 0;
        for (int i = 0; i < parts.Count; i++)
        {
            int color = (i % 6) + 1;
            double width = parts[i].Share * Width;
            string label = Inv($"{parts[i].Name} {parts[i].Share * 100:0.0} %");
            svg.Append(Inv($"<rect class=\"f{color}\" x=\"{at:0.0}\" y=\"0\" width=\"{width:0.0}\" height=\"36\">"))
                .Append(Inv($"<title>{Escape(label)}</title></rect>"))
                .Append(Inv($"<rect class=\"f{color}\" x=\"{legendAt}\" y=\"56\" width=\"12\" height=\"12\"/>"))
                .Append(Inv($"<text x=\"{legendAt + 17}\" y=\"66\">{Escape(label)}</text>"));
            at += width;
            legendAt += 40 + (label.Length * 7);
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>Text as it may stand in XML.</summary>
    public static string Escape(string text) => SecurityElement.Escape(text) ?? string.Empty;

    private static StringBuilder Open(string title, int height) => new StringBuilder()
        .Append(Inv($"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{Escape(title)}\">"));

    private static string Grid(double fromX, double fromY, double toX, double toY) =>
        Inv($"<line class=\"grid\" x1=\"{fromX:0.0}\" y1=\"{fromY:0.0}\" x2=\"{toX:0.0}\" y2=\"{toY:0.0}\"/>");

    private static double X(double share) => Left + (Math.Clamp(share, 0, 1) * (Width - Left - Right));

    private static double Y(double share) => Height - Bottom - (Math.Clamp(share, 0, 1) * (Height - Top - Bottom));

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
