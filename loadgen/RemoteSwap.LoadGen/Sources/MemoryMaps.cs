using System.Globalization;
using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Sources;

/// <summary>Reads <c>/proc/PID/maps</c>: which memory a process may have written.</summary>
internal static class MemoryMaps
{
    /// <summary>The mappings that are readable and writable and no device, in pieces of at most 2^20 pages.</summary>
    public static IReadOnlyList<PageRun> Parse(IEnumerable<string> lines)
    {
        List<PageRun> runs = [];
        foreach (string line in lines)
        {
            // 55acd86af000-55acd86b0000 rw-p 0000a000 fe:00 247270      /usr/bin/cat
            string[] fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            string path = fields.Length > 5 ? fields[5] : string.Empty;
            if (fields.Length < 5 || !fields[1].StartsWith("rw", StringComparison.Ordinal)
                || path.StartsWith("/dev/", StringComparison.Ordinal)
                || path.StartsWith("[v", StringComparison.Ordinal)
                || !TryParseRange(fields[0], out long first, out long end))
            {
                continue;
            }

            AddPieces(runs, first, end);
        }

        return runs;
    }

    private static void AddPieces(List<PageRun> runs, long first, long end)
    {
        const int MaxPages = 1 << 20;
        for (long address = first; address < end; address += (long)MaxPages * PageSize.Bytes)
        {
            runs.Add(new PageRun(address, (int)Math.Min(MaxPages, (end - address) / PageSize.Bytes)));
        }
    }

    private static bool TryParseRange(string text, out long first, out long end)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        first = end = 0;
        return dash > 0
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out first)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out end)
            && first >= 0
            && end > first;
    }
}
