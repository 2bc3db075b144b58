namespace RemoteSwap.Cli.Output;

/// <summary>A table for a terminal: the first columns stand to the left, the others, numbers, to the right.</summary>
/// <param name="leftColumns">How many columns stand to the left.</param>
/// <param name="headings">A heading a column.</param>
internal sealed class TextTable(int leftColumns, params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">A text a column.</param>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes the table.</summary>
    public void Write(TextWriter writer)
    {
        int[] widths = [.. Enumerable.Range(0, headings.Length).Select(i => _rows.Max(row => row[i].Length))];
        foreach (string[] row in _rows)
        {
            IEnumerable<string> cells = row.Select((cell, i) =>
                i < leftColumns ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            writer.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
