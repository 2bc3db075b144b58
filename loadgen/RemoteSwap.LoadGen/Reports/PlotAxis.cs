using System.Globalization;

namespace RemoteSwap.LoadGen.Reports;

/// <summary>An axis of a plot: where a value lies between 0 and 1, and which values are marked.</summary>
/// <param name="Place">Where a value lies.</param>
/// <param name="Ticks">The marked values and their labels.</param>
internal sealed record PlotAxis(Func<double, double> Place, IReadOnlyList<(double Value, string Label)> Ticks)
{
    private const int MostTicks = 6;

    /// <summary>An axis from 0 to a value.</summary>
    /// <param name="max">The largest value.</param>
    /// <param name="unit">Follows the labels.</param>
    /// <param name="roundUp">Whether it ends at a mark.</param>
    public static PlotAxis Linear(double max, string unit, bool roundUp)
    {
        double step = NiceStep(Math.Max(max, 1e-9) / (MostTicks - 1));
        double top = roundUp ? Math.Ceiling(max / step) * step : max;
        top = top > 0 ? top : step;
        List<(double, string)> ticks = [];
        for (int i = 0; i * step <= top * 1.0001; i++)
        {
            ticks.Add((i * step, Label(i * step) + (i == 0 ? string.Empty : unit)));
        }

        return new PlotAxis(value => value / top, ticks);
    }

    /// <summary>A logarithmic axis of latencies in microseconds, in whole powers of ten.</summary>
    public static PlotAxis LogMicroseconds(double min, double max)
    {
        int low = (int)Math.Floor(Math.Log10(Math.Max(min, 1)));
        int high = Math.Max(low + 1, (int)Math.Ceiling(Math.Log10(Math.Max(max, 1))));
        List<(double, string)> ticks = [];
        for (int power = low; power <= high; power++)
        {
            double value = Math.Pow(10, power);
            ticks.Add((value, power < 3 ? $"{value:0} us" : power < 6 ? $"{value / 1e3:0} ms" : $"{value / 1e6:0} s"));
        }

        return new PlotAxis(value => (Math.Log10(Math.Max(value, 1)) - low) / (high - low), ticks);
    }

    /// <summary>Percentiles, each further 9 as wide as the one before: 0, 90, 99, 99.9, ... 100 at the end.</summary>
    public static PlotAxis Percentiles()
    {
        const double Nines = 5;
        return new PlotAxis(
            percent => percent >= 100 ? 1 : Math.Min(1, -Math.Log10(1 - (percent / 100)) / Nines),
            [(0, "0"), (50, "50"), (90, "90"), (99, "99"), (99.9, "99.9"), (99.99, "99.99"), (100, "max")]);
    }

    private static double NiceStep(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double unit = rough / power;
        return power * (unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 5 ? 5 : 10);
    }

    private static string Label(double value) => value switch
    {
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e3 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
