using System.Diagnostics.CodeAnalysis;
using System.Text;
using RemoteSwap.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace RemoteSwap.Cli.Commands.Top;

/// <summary>
/// A terminal's screen of <c>top</c>. It is the terminal's other screen: when the program ends, what was there before
/// is there again. A look is written at once, over the last one, so that nothing flickers.
/// </summary>
internal sealed class TopScreen : IDisposable
{
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";
    private const string Home = "\u001b[H";
    private const string RestOfLine = "\u001b[K";
    private const string RestOfScreen = "\u001b[J";
    private const int BarColumns = 30;
    private const double Near = 0.9;

    [SuppressMessage("Usage", "CA2213", Justification = "The terminal is the program's, not the screen's.")]
    private readonly TextWriter _writer;
    private readonly Func<(int Columns, int Rows)> _size;
    private readonly bool _colors;

    /// <summary>Takes the terminal.</summary>
    /// <param name="writer">The terminal.</param>
    /// <param name="size">Its size, asked for each time.</param>
    /// <param name="colors">Whether it may have colours.</param>
    public TopScreen(TextWriter writer, Func<(int Columns, int Rows)> size, bool colors)
    {
        _writer = writer;
        _size = size;
        _colors = colors;
        _writer.Write(Enter);
    }

    /// <summary>Shows a look.</summary>
    /// <param name="top">It.</param>
    /// <param name="order">How tenants are sorted.</param>
    /// <param name="trouble">Why there is no newer one; null: it is the newest.</param>
    public void Show(TopDocument top, TopOrder order, string? trouble)
    {
        (int columns, int rows) = _size();
        string text = Render(top, order, trouble, columns, _colors);
        StringBuilder screen = new(Home);
        foreach (string line in text.TrimEnd('\n').Split('\n').Take(Math.Max(1, rows - 1)))
        {
            screen.Append(line.TrimEnd('\r')).Append(RestOfLine).Append('\n');
        }

        _writer.Write(screen.Append(RestOfScreen));
        _writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Write(Leave);
        _writer.Flush();
    }

    /// <summary>A look as text for a terminal.</summary>
    public static string Render(TopDocument top, TopOrder order, string? trouble, int columns, bool colors)
    {
        using StringWriter text = new() { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colors ? ColorSystemSupport.EightBit : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = columns;
        IReadOnlyList<string> head = TopWords.Head(top);
        console.Write(new Text(head[0] + "\n", StyleOf(top.State)));
        foreach (string line in head.Skip(1))
        {
            console.Write(new Text(line + "\n"));
        }

        console.Write(Bars(top));
        if (top.Server.LimitReason.Length > 0)
        {
            console.Write(new Text($"the limit is lowered: {top.Server.LimitReason}\n", new Style(Color.Yellow)));
        }

        console.Write(Tenants(top));
        console.Write(new Text(
            trouble is null ? $"q quits, s sorts (by {order.Name})\n" : trouble + "\n",
            trouble is null ? new Style(decoration: Decoration.Dim) : new Style(Color.Red)));
        return text.ToString();
    }

    private static Grid Bars(TopDocument top)
    {
        Grid grid = new();
        grid.AddColumns(3);
        AddBar(grid, "memory", top.Server.UsedBytes, top.Server.LimitBytes);
        AddBar(grid, "spill file", top.Server.SpillUsedBytes, top.Server.SpillLimitBytes);
        return grid;
    }

    private static void AddBar(Grid grid, string name, ulong used, ulong limit)
    {
        double share = limit == 0 ? 0 : Math.Min(1, (double)used / limit);
        int full = (int)Math.Round(share * BarColumns);
        Paragraph bar = new();
        bar.Append(new string('#', full), new Style(share > Near ? Color.Red : Color.Green));
        bar.Append(new string('.', BarColumns - full), new Style(decoration: Decoration.Dim));
        grid.AddRow(new Text(name), bar, new Text(TopWords.Share(used, limit)));
    }

    private static Table Tenants(TopDocument top)
    {
        Table table = new() { Border = TableBorder.None };
        for (int column = 0; column < TopWords.Headings.Count; column++)
        {
            table.AddColumn(new TableColumn(new Text(TopWords.Headings[column], new Style(decoration: Decoration.Bold)))
            {
                Alignment = column < 2 ? Justify.Left : Justify.Right,
                NoWrap = true,
            });
        }

        foreach (TopTenant one in top.Tenants)
        {
            string[] cells = TopWords.Row(one);
            table.AddRow(cells.Select((cell, column) => (IRenderable)new Text(
                cell,
                column == 1 ? StyleOf(one.State)
                : column == 2 && one.UsedBytes > Near * one.LimitBytes ? new Style(Color.Red)
                : cell == Amount.None ? new Style(decoration: Decoration.Dim)
                : Style.Plain)));
        }

        return table;
    }

    private static Style StyleOf(string state) => state switch
    {
        "ok" or "accepting" or "cache" => new Style(Color.Green),
        "disabled" => new Style(Color.Yellow),
        _ => new Style(Color.Red, decoration: Decoration.Bold),
    };
}
