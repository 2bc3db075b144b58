namespace RemoteSwap.LoadGen.Reports;

/// <summary>A line of a plot.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Color">Number of its colour, 1 to 6.</param>
/// <param name="Points">Its points, from left to right.</param>
internal sealed record PlotSeries(string Name, int Color, IReadOnlyList<(double X, double Y)> Points);
