using System.Globalization;
using RemoteSwap.LoadGen.Reports.Model;
using RemoteSwap.LoadGen.Statistics;
using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Reports;

/// <summary>
/// Writes a report for people, in the order: what was measured, the figures, what they cost, the verdict.
/// </summary>
internal sealed class TextReport
{
    private const int RemarkColumns = 110;

    private readonly TextWriter _writer;

    private TextReport(TextWriter writer) => _writer = writer;

    /// <summary>Writes a report.</summary>
    public static void Write(RunReport report, TextWriter writer)
    {
        TextReport text = new(writer);
        text.WriteHead(report);
        text.WritePages(report.Pages);
        text.WritePhases(report.Phases);
        text.WriteMemory(report.Memory);
        text.WriteSpill(report.Spill);
        text.WriteVerdict(report.Verdict);
        text.WriteRemarks(report.Remarks);
        text.WriteSummary(report);
    }

    /// <summary>A duration in microseconds, in the unit that suits it.</summary>
    public static string Time(double microseconds) => DurationText.Format(TimeSpan.FromMicroseconds(microseconds));

    private static string Size(long bytes) => bytes < 0 ? $"-{new ByteSize(-bytes)}" : new ByteSize(bytes).ToString();

    // The commit stands in the JSON output.
    private static string Short(string version) => version.Split('+')[0];

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private void Line(FormattableString text) => _writer.WriteLine(FormattableString.Invariant(text));

    private void WriteHead(RunReport report)
    {
        SetupReport setup = report.Setup;
        MachineFacts machine = report.Machine;
        Line($"RemoteSwap load generator {Short(report.Version)}, {report.StartedUtc:yyyy-MM-dd HH:mm:ss} UTC, "
            + $"seed {report.Seed}");
        Line($"Machine    {machine.Processor}, {machine.Cores} cores, {Size(machine.MemoryBytes)}");
        Line($"           {machine.Kernel}; {machine.Runtime}; GC {machine.GarbageCollector}");
        string where = setup.Embedded ? "in this process" : setup.Server.ToString();
        string limit = setup.MemoryLimitBytes is long bytes ? $", limit {Size(bytes)}" : string.Empty;
        string version = setup.ServerVersion.Length > 0 ? $", version {Short(setup.ServerVersion)}" : string.Empty;
        Line($"Server     {where}{limit}{version}");
        string loop = setup.RatePagesPerSecond is double rate
            ? FormattableString.Invariant($"open loop at {rate:N0} pages/s")
            : "closed loop";
        string tenants = setup.Tenants.Count == 1
            ? $"tenant {setup.Tenants[0]}"
            : $"{setup.Tenants.Count} tenants ({string.Join(", ", setup.Tenants)})";
        Line($"Load       {loop}, {tenants}, {setup.Workers} workers each, {setup.BatchPages} pages a call;");
        Line($"           mixed phase: {setup.ReadPercent} % loads, {setup.Distribution} over "
            + $"{setup.AreaSlots:N0} slots");
        _writer.WriteLine();
    }

    private void WritePages(PagesReport pages)
    {
        Line($"Pages      {pages.Pages:N0} pages, {Size(pages.RawBytes)} raw, from "
            + $"{pages.SourcePages:N0} source pages");
        Line($"           {"",-16}{"pages",10}{"share",9}{"ratio",8}{"same-filled",13}{"incompressible",16}");
        foreach (KindReport kind in pages.Kinds)
        {
            Line($"           {kind.Kind,-16}{kind.Pages,10:N0}{Percent(kind.Share),9}{kind.CompressionRatio,8:0.00}"
                + $"{Percent(kind.SameFilledShare),13}{Percent(kind.IncompressibleShare),16}");
        }

        Line($"           {"all",-16}{pages.SourcePages,10:N0}{Percent(1),9}{pages.CompressionRatio,8:0.00}"
            + $"{Percent(pages.SameFilledShare),13}{Percent(pages.IncompressibleShare),16}");
        _writer.WriteLine();
    }

    private void Line(string text) => _writer.WriteLine(text);

    private void WritePhases(IReadOnlyList<PhaseReport> phases)
    {
        Line($"{"Phase",-12}{"pages",11}{"seconds",9}{"pages/s",10}{"MB/s",9}{"p50",10}{"p99",10}{"p99.9",10}{"max",10}"
            + $"{"of ping",9}");
        foreach (PhaseReport phase in phases)
        {
            LatencyReport latency = phase.LatencyUs;
            string ceiling = phase.CeilingRatio is double ratio ? Percent(ratio) : string.Empty;
            Line($"{phase.Name,-12}{phase.Pages,11:N0}{phase.Seconds,9:0.00}{phase.PagesPerSecond,10:N0}"
                + $"{phase.RawMegabytesPerSecond,9:N1}{Time(latency.P50),10}{Time(latency.P99),10}"
                + $"{Time(latency.P999),10}{Time(latency.Max),10}{ceiling,9}");
        }

        foreach (PhaseReport phase in phases)
        {
            WriteTrouble(phase);
        }

        _writer.WriteLine();
    }

    private void WriteTrouble(PhaseReport phase)
    {
        if (phase.FailedCalls > 0)
        {
            Line($"  {phase.Name}: {phase.FailedCalls} calls failed, first: {phase.FirstFailure}");
        }

        foreach ((string outcome, long pages) in phase.Refused)
        {
            Line(FormattableString.Invariant($"  {phase.Name}: {pages:N0} pages refused: {outcome}"));
        }

        foreach ((string outcome, long pages) in phase.Unreadable)
        {
            Line(FormattableString.Invariant($"  {phase.Name}: {pages:N0} pages not answered for: {outcome}"));
        }
    }

    private void WriteMemory(MemoryReport? memory)
    {
        if (memory is null)
        {
            return;
        }

        Line($"Memory     density {memory.PagesPerFrame:0.00} pages a frame; "
            + $"index {memory.IndexBytesPerPage:0.0} bytes a page; same-filled {Percent(memory.SameFilledShare)}, "
            + $"incompressible {Percent(memory.IncompressibleShare)}");
        Line($"           {memory.RawBytesPerUsedByte:0.00} raw bytes a byte of frames and index "
            + $"({Size(memory.UsedBytes)}),");
        Line($"           {memory.RawBytesPerResidentByte:0.00} raw bytes a byte of resident memory "
            + $"(grew by {Size(memory.ResidentGrowthBytes)})");
        Line($"           managed heap {Size(memory.ManagedHeapBytes)}; processor time "
            + $"{memory.ServerCpuMicrosecondsPerPage:0.0} us a page swapped out");
        _writer.WriteLine();
    }

    private void WriteSpill(SpillReport? spill)
    {
        if (spill is null)
        {
            return;
        }

        string rawWrites = spill.RawWriteBytesPerSecond is double write
            ? $"fio, 128 KiB writes: {Size((long)write)}/s"
            : "no fio here";
        string rawReads = spill.RawReadsPerSecond is double read
            ? FormattableString.Invariant($"fio, 4 KiB random reads: {read:N0}/s")
            : "no fio here";
        Line($"Spill      {spill.SpilledPages:N0} pages were in the spill file when all were swapped out");
        Line($"           written while swapping out {Size(spill.WrittenBytes)}, "
            + $"{Size((long)spill.WriteBytesPerSecond)}/s;");
        Line($"           all memory reclaimed in one go at {Size((long)spill.ReclaimBytesPerSecond)}/s ({rawWrites})");
        Line($"           loads from it while swapping in {spill.SpillLoads:N0}, {spill.LoadsPerSecond:N0}/s "
            + $"({rawReads})");
        _writer.WriteLine();
    }

    private void WriteVerdict(VerdictReport verdict)
    {
        string result = verdict.Result switch
        {
            "clean" => "every page came back right",
            "wrong" => FormattableString.Invariant($"{verdict.PagesWrong:N0} PAGES CAME BACK WRONG OR WERE LOST"),
            _ => "no page was compared",
        };
        Line($"Verdict    {result}: {verdict.PagesCompared:N0} pages compared byte by byte with their source, "
            + $"{verdict.PagesWrong:N0} wrong or lost,");
        Line($"           {verdict.EmptyAsExpected:N0} slots empty as they must be, "
            + $"{verdict.SlotsInDoubt:N0} in doubt, {verdict.PagesNotJudged:N0} not judged");
        foreach (string mismatch in verdict.Mismatches)
        {
            Line($"  {mismatch}");
        }

        if (verdict.ServerViolations is IReadOnlyList<string> violations)
        {
            Line(violations.Count == 0
                ? "           the server's own check of its books: no violation"
                : $"           the server's own check of its books: {violations.Count} VIOLATIONS");
            foreach (string violation in violations.Take(8))
            {
                Line($"  {violation}");
            }
        }

        _writer.WriteLine();
    }

    private void WriteRemarks(IReadOnlyList<string> remarks)
    {
        foreach (string remark in remarks)
        {
            string indent = "Remark     ";
            string line = indent;
            foreach (string word in remark.Split(' '))
            {
                if (line.Length + word.Length + 1 > RemarkColumns)
                {
                    Line(line.TrimEnd());
                    indent = "           ";
                    line = indent;
                }

                line += word + " ";
            }

            Line(line.TrimEnd());
        }

        _writer.WriteLine();
    }

    private void WriteSummary(RunReport report)
    {
        PhaseReport? store = report.Phases.FirstOrDefault(phase => phase.Name == Workload.PhaseNames.Store);
        PhaseReport? load = report.Phases.FirstOrDefault(phase => phase.Name == Workload.PhaseNames.Load);
        if (store is not null)
        {
            Line($"swap out   {store.PagesPerSecond:N0} pages/s, {store.RawMegabytesPerSecond:N1} MB/s");
        }

        if (load is not null)
        {
            Line($"swap in    {load.PagesPerSecond:N0} pages/s, {load.RawMegabytesPerSecond:N1} MB/s");
        }
    }
}
