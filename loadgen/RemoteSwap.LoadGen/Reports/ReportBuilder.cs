using System.Reflection;
using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Latency;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Reports.Model;
using RemoteSwap.LoadGen.Sources;
using RemoteSwap.LoadGen.Statistics;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Reports;

/// <summary>Turns what a run left behind into the figures of a report, and decides the exit code.</summary>
internal static class ReportBuilder
{
    private static readonly double[] s_curvePercents =
    [
        0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 99.995, 99.999, 100,
    ];

    /// <summary>Makes the report.</summary>
    public static RunReport Build(RunRecord run)
    {
        IReadOnlyList<PhaseReport> phases = [.. run.Phases.Select(phase => Phase(phase, run))];
        return new RunReport
        {
            Version = ProgramVersion(),
            StartedUtc = run.StartedUtc,
            Seed = run.Options.Seed,
            ExitCode = ExitCodeOf(run),
            Interrupted = run.Interrupted,
            Machine = MachineFacts.Read(),
            Setup = Setup(run),
            Pages = Pages(run),
            Phases = phases,
            Memory = run.Memory is null ? null : Memory(run.Memory),
            Spill = run.Spill is { } spill ? Spill(spill) : null,
            Verdict = Verdict(run),
            Remarks = [.. ReportRemarks.Of(run)],
        };
    }

    private static int ExitCodeOf(RunRecord run)
    {
        if (run.Verdict.Wrong > 0)
        {
            return ExitCode.WrongPage;
        }

        // Ctrl-C reaches a server in this process too: what it refuses while it ends is no failure.
        if (run.Interrupted && run.Options.Server is null)
        {
            return ExitCode.Ok;
        }

        bool refused = run.Phases.Any(phase => phase.Calls.Refused.Sum() > 0) && !run.Options.AllowRefusals;
        bool failed = run.Phases.Any(phase => phase.Calls.FailedCalls > 0 || phase.Calls.Unreadable.Sum() > 0);
        bool unbalanced = run.ServerViolations is { Count: > 0 };
        bool unverified = run.Verdict.Compared == 0 && !run.Interrupted;
        return refused || failed || unbalanced || unverified ? ExitCode.Failed : ExitCode.Ok;
    }

    /// <summary>The version of this build.</summary>
    internal static string ProgramVersion() =>
        typeof(ReportBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    private static SetupReport Setup(RunRecord run) => new(
        run.ServerAddress,
        run.Options.Server is null,
        run.Memory?.After.Version ?? string.Empty,
        run.EmbeddedLimit?.Bytes,
        run.Options.Tenants,
        run.Options.Area,
        run.AreaSlots,
        run.Options.Workers,
        run.Options.BatchPages,
        run.Options.RatePagesPerSecond,
        run.Options.ReadPercent,
        run.Options.Distribution.ToString().ToLowerInvariant(),
        [.. run.Options.Sources.Select(source => source.ToString())]);

    private static PagesReport Pages(RunRecord run) => new(
        run.Pages,
        run.Pages * PageSize.Bytes,
        run.Corpus.Count,
        run.Survey.CompressionRatio,
        run.Survey.MeanZpageBytes,
        run.Survey.SameFilledShare,
        run.Survey.IncompressibleShare,
        [.. run.Survey.Kinds.Select(kind => Kind(kind, run.Corpus.Count))]);

    private static KindReport Kind(KindSurvey kind, int sourcePages)
    {
        double surveyed = Math.Max(1, kind.SurveyedPages);
        return new KindReport(
            PageKindNames.Of(kind.Kind),
            kind.Pages,
            (double)kind.Pages / sourcePages,
            surveyed * PageSize.Bytes / Math.Max(1, kind.ZpageBytes),
            kind.SameFilled / surveyed,
            kind.Incompressible / surveyed);
    }

    private static PhaseReport Phase(PhaseResult phase, RunRecord run)
    {
        LatencyRecorder latency = phase.Calls.Latency;
        return new PhaseReport(
            phase.Name,
            phase.Calls.Pages,
            latency.Count,
            phase.Elapsed.TotalSeconds,
            phase.PagesPerSecond,
            phase.PagesPerSecond * PageSize.Bytes / 1e6,
            CeilingRatio(phase, run),
            Latency(latency),
            latency.Count == 0
                ? []
                : [.. s_curvePercents.Select(p => new CurvePoint(p, latency.Percentile(p).TotalMicroseconds))],
            phase.Calls.FailedCalls,
            phase.Calls.FirstFailure,
            ByName<StoreOutcome>(phase.Calls.Refused),
            ByName<LoadOutcome>(phase.Calls.Unreadable),
            [.. phase.Timeline.Select(point => new TimelineReport(point.Seconds, point.PagesPerSecond))]);
    }

    // A share of the ceiling says something only where calls follow each other without a pause.
    private static double? CeilingRatio(PhaseResult phase, RunRecord run)
    {
        string? ceiling = phase.Name switch
        {
            PhaseNames.Store => PhaseNames.PingStore,
            PhaseNames.Load => PhaseNames.PingLoad,
            _ => null,
        };
        PhaseResult? ping = run.Phases.FirstOrDefault(other => other.Name == ceiling);
        return ping is null || ping.PagesPerSecond <= 0 || run.Options.RatePagesPerSecond is not null
            ? null
            : phase.PagesPerSecond / ping.PagesPerSecond;
    }

    private static LatencyReport Latency(LatencyRecorder latency) => new(
        latency.Mean.TotalMicroseconds,
        latency.Percentile(50).TotalMicroseconds,
        latency.Percentile(90).TotalMicroseconds,
        latency.Percentile(99).TotalMicroseconds,
        latency.Percentile(99.9).TotalMicroseconds,
        latency.Percentile(99.99).TotalMicroseconds,
        latency.Max.TotalMicroseconds);

    private static SortedDictionary<string, long> ByName<T>(IReadOnlyList<long> counts)
        where T : struct, Enum
    {
        SortedDictionary<string, long> named = new(StringComparer.Ordinal);
        for (int i = 0; i < counts.Count; i++)
        {
            if (counts[i] > 0)
            {
                named.Add(((T)(object)i).ToString(), counts[i]);
            }
        }

        return named;
    }

    private static SpillReport Spill(SpillFigures spill) => new(
        spill.Stored.SpilledPages,
        spill.WrittenBytes,
        spill.WriteBytesPerSecond,
        spill.ReclaimBytesPerSecond,
        spill.Raw?.WriteBytesPerSecond,
        spill.SpillLoads,
        spill.LoadsPerSecond,
        spill.Raw?.ReadsPerSecond);

    private static MemoryReport Memory(MemoryFigures memory) => new(
        memory.Pages,
        memory.Frames,
        memory.PagesPerFrame,
        memory.UsedBytes,
        memory.RawPerUsedByte,
        memory.ResidentGrowthBytes,
        memory.RawPerResidentByte,
        memory.IndexBytesPerPage,
        memory.SameFilledShare,
        memory.IncompressibleShare,
        memory.After.ManagedHeapBytes,
        memory.Pages > 0 ? (memory.After.CpuSeconds - memory.Before.CpuSeconds) * 1e6 / memory.Pages : 0);

    private static VerdictReport Verdict(RunRecord run) => new(
        run.Verdict.Wrong > 0 ? "wrong" : run.Verdict.Compared > 0 ? "clean" : "nothing_compared",
        run.Verdict.Compared,
        run.Verdict.EmptyAsExpected,
        run.Verdict.Wrong,
        run.Verdict.NotJudged,
        run.Verdict.DoubtfulSlots,
        [.. run.Verdict.Mismatches.Select(mismatch => mismatch.ToString())],
        run.ServerViolations);
}
