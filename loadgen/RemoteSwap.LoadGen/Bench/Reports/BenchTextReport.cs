using RemoteSwap.LoadGen.Bench.Reports.Model;
using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Bench.Reports;

/// <summary>Writes results for a person.</summary>
internal static class BenchTextReport
{
    /// <summary>Writes them.</summary>
    public static void Write(BenchReport report, TextWriter writer)
    {
        MachineReport machine = report.Machine;
        MethodReport method = report.Method;
        writer.WriteLine($"RemoteSwap {report.Version} bench, {report.StartedUtc:yyyy-MM-dd HH:mm} UTC");
        ByteSize memory = new(machine.MemoryBytes);
        ByteSize frames = new(method.WorkingSetBytes);
        writer.WriteLine($"{machine.Cpu}, {machine.Cores} cores, {memory}; {machine.Kernel}");
        writer.WriteLine($"{machine.Runtime}; blocks by {machine.BlockCodec}");
        writer.WriteLine(FormattableString.Invariant(
            $"rounds: {method.Rounds}; {method.LegSeconds:0.##} s a leg; {frames} of frames")
            + (method.Quick ? "; a trial, of no worth as a figure" : string.Empty));
        writer.WriteLine("Figures: median of the rounds (lowest - highest). Ratios are formed in each round.");
        foreach (SetReport set in report.Sets)
        {
            foreach (GroupReport group in set.Groups)
            {
                writer.WriteLine();
                writer.WriteLine($"{set.Name}: {group.Title}");
                WriteLegs(group.Legs, writer);
                WriteRatios(group.Ratios, writer);
            }

            foreach (string absent in set.Absent)
            {
                writer.WriteLine();
                writer.WriteLine($"{set.Name}: {absent}");
            }
        }

        writer.WriteLine();
        writer.WriteLine(Sum(report));
    }

    /// <summary>The result in one sentence.</summary>
    public static string Sum(BenchReport report)
    {
        RatioReport[] judged =
        [
            .. report.Sets.SelectMany(set => set.Groups).SelectMany(group => group.Ratios)
                .Where(ratio => ratio.Met is not null),
        ];
        int met = judged.Count(ratio => ratio.Met == true);
        return FormattableString.Invariant(
            $"{met} of {judged.Length} goals reached; {report.BadPages} bad pages; {report.FailedLegs} legs failed.");
    }

    /// <summary>A figure with its spread.</summary>
    public static string Text(SpreadReport? figure) => figure is null
        ? "-"
        : $"{Number(figure.Median)} ({Number(figure.Low)} - {Number(figure.High)})";

    private static string Number(double value) => value.ToString(
        Math.Abs(value) >= 100 ? "N0" : Math.Abs(value) >= 10 ? "0.0" : "0.00",
        System.Globalization.CultureInfo.InvariantCulture);

    private static void WriteLegs(IReadOnlyList<LegReport> legs, TextWriter writer)
    {
        int width = legs.Max(leg => leg.Name.Length);
        writer.WriteLine(
            $"  {"leg".PadRight(width)} {"pages/s",32} {"p50 us",9} {"p99 us",9} {"p99.9 us",9} "
            + $"{"client us",9} {"server us",9} {"B/page",8}");
        foreach (LegReport leg in legs)
        {
            if (leg.Error is { } error)
            {
                writer.WriteLine($"  {leg.Name.PadRight(width)} failed: {error}");
                continue;
            }

            writer.WriteLine(
                $"  {leg.Name.PadRight(width)} {Text(leg.PagesPerSecond),32} {Middle(leg.P50Us),9} "
                + $"{Middle(leg.P99Us),9} {Middle(leg.P999Us),9} {Middle(leg.ClientCpuUs),9} "
                + $"{Middle(leg.ServerCpuUs),9} {Middle(leg.ServerAllocatedBytesPerPage),8}"
                + (leg.BadPages > 0 ? FormattableString.Invariant($"  {leg.BadPages:N0} bad pages") : string.Empty));
        }
    }

    private static string Middle(SpreadReport? figure) => figure is null ? "-" : Number(figure.Median);

    private static void WriteRatios(IReadOnlyList<RatioReport> ratios, TextWriter writer)
    {
        int width = ratios.Count == 0 ? 0 : ratios.Max(ratio => ratio.Title.Length);
        foreach (RatioReport ratio in ratios)
        {
            string goal = ratio.Goal is null ? string.Empty : $"  goal {ratio.Goal}";
            string verdict = ratio.Met switch { true => "  PASS", false => "  short", null => string.Empty };
            writer.WriteLine($"  {ratio.Title.PadRight(width)}  {Text(ratio.Figure),-22}{goal}{verdict}".TrimEnd());
        }
    }
}
