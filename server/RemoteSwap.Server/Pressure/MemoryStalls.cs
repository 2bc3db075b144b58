using System.Globalization;
using System.Runtime.InteropServices;

namespace RemoteSwap.Server.Pressure;

/// <summary>Pressure stall information: how much of the last ten seconds tasks waited for memory, in percent.</summary>
/// <param name="SomePercent">At least one task did.</param>
/// <param name="FullPercent">All that had work did.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MemoryStalls(double SomePercent, double FullPercent)
{
    private const string Average = "avg10=";

    /// <summary>Reads the two lines of a pressure file.</summary>
    /// <returns>The figures; null: these are not such lines.</returns>
    public static MemoryStalls? Parse(string text)
    {
        double? some = null;
        double? full = null;
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1
                && words[1].StartsWith(Average, StringComparison.Ordinal)
                && double.TryParse(
                    words[1][Average.Length..],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out double percent))
            {
                some = words[0] == "some" ? percent : some;
                full = words[0] == "full" ? percent : full;
            }
        }

        return some is { } known ? new MemoryStalls(known, full ?? 0) : null;
    }
}
