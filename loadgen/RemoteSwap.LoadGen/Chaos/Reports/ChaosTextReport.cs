namespace RemoteSwap.LoadGen.Chaos.Reports;

/// <summary>Writes a chaos report for people.</summary>
internal static class ChaosTextReport
{
    /// <summary>Writes it.</summary>
    public static void Write(ChaosReport report, TextWriter output)
    {
        output.WriteLine($"seed {report.Seed}, {report.Faults.Count} faults, {report.LoadsJudged:N0} loads judged");
        output.WriteLine($"{report.KeptPages:N0} pages were there again after kills");
        output.WriteLine("longest stall");
        foreach ((string kind, double stall) in report.LongestStallMs.OrderByDescending(pair => pair.Value))
        {
            int count = report.Faults.Count(fault => fault.Kind == kind);
            output.WriteLine(FormattableString.Invariant($"  {kind,-16} {stall,8:F0} ms  of {count}"));
        }

        output.WriteLine("outcomes, in pages");
        foreach ((string outcome, long count) in report.Outcomes)
        {
            output.WriteLine(FormattableString.Invariant($"  {outcome,-40} {count,12:N0}"));
        }

        foreach (string violation in report.Violations)
        {
            output.WriteLine($"not legal (seed {report.Seed}): {violation}");
        }

        foreach (FaultReport fault in report.Faults.Where(fault => fault.Remark.Length > 0))
        {
            output.WriteLine(FormattableString.Invariant(
                $"after {fault.Kind} at {fault.AtSeconds:F1} s: {fault.Remark}"));
        }

        output.WriteLine(report.Result switch
        {
            "clean" => "clean: every answer was legal, and work went on after every fault",
            "stuck" => "stuck: work did not go on after every fault",
            _ => $"wrong: {report.Wrong} answers were not legal, {report.LoadsNotJudged} could not be judged",
        });
    }
}
