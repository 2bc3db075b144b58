using System.Reflection;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Options;
using RemoteSwap.LoadGen.Bench.Reports.Model;
using RemoteSwap.LoadGen.Bench.Sets;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Statistics;

namespace RemoteSwap.LoadGen.Bench.Reports;

/// <summary>Makes results of what was measured.</summary>
internal static class BenchReportBuilder
{
    /// <summary>Makes them.</summary>
    public static BenchReport Build(BenchOptions options, DateTimeOffset started, IReadOnlyList<SetFigures> sets)
    {
        LegSample[] samples =
        [
            .. from set in sets
               from figures in set.Groups
               from round in figures.Rounds
               from leg in figures.Group.Legs
               select round.Find(leg.Name) into sample
               where sample is not null
               select sample,
        ];
        long badPages = samples.Sum(sample => sample.BadPages);
        int failedLegs = sets.Sum(set => set.Groups.Sum(figures => figures.Errors.Count));
        return new BenchReport
        {
            StartedUtc = started,
            Version = Assembly.GetExecutingAssembly()
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            Machine = Machine(),
            Method = new MethodReport(
                options.Rounds, options.LegTime.TotalSeconds, options.WorkingSetBytes, options.Quick),
            Sets =
            [
                .. sets.Select(set => new SetReport(
                    set.Set.ToString().ToLowerInvariant(), [.. set.Groups.Select(Group)], set.Absent)),
            ],
            BadPages = badPages,
            FailedLegs = failedLegs,
            ExitCode = badPages > 0 ? ExitCode.WrongPage : failedLegs > 0 ? ExitCode.Failed : ExitCode.Ok,
        };
    }

    private static MachineReport Machine()
    {
        MachineFacts facts = MachineFacts.Read();
        return new MachineReport(
            facts.Processor,
            facts.Cores,
            facts.MemoryBytes,
            facts.Kernel,
            facts.Runtime,
            PageCodec.Default.BlockCodecName);
    }

    private static GroupReport Group(GroupFigures figures) => new(
        figures.Group.Title,
        figures.Rounds.Count,
        [.. figures.Group.Legs.Select(leg => Leg(leg, figures))],
        [.. figures.Group.Ratios.Select(ratio => Ratio(ratio, figures.Rounds))]);

    private static LegReport Leg(IBenchLeg leg, GroupFigures figures)
    {
        LegSample[] samples = [.. figures.Rounds.Select(round => round.Find(leg.Name)).OfType<LegSample>()];
        SpreadReport? Of(Func<LegSample, double?> figure) => Report(Spread.Of(samples.Select(figure).OfType<double>()));
        SpreadReport? Latency(Func<LegSample, double> figure) =>
            Of(sample => figure(sample) is > 0 and double value ? value : null);

        return new LegReport
        {
            Name = leg.Name,
            Work = leg.Shape.Work,
            Transport = leg.Shape.Transport,
            Payload = leg.Shape.Job.Payload.ToString(),
            Batch = leg.Shape.Job.Batch,
            Streams = leg.Shape.Job.Streams,
            Callers = leg.Shape.Job.Callers,
            StoredPages = leg.Shape.Job.StoredPages,
            Areas = leg.Shape.Job.Areas,
            Tenants = leg.Shape.Job.Tenants,
            PageBytes = leg.Shape.Job.PageBytes,
            Error = figures.Errors.GetValueOrDefault(leg.Name),
            BadPages = samples.Sum(sample => sample.BadPages),
            PagesPerSecond = Of(sample => sample.PagesPerSecond),
            P50Us = Latency(sample => sample.P50Us),
            P99Us = Latency(sample => sample.P99Us),
            P999Us = Latency(sample => sample.P999Us),
            ClientCpuUs = Of(sample => sample.ClientCpuUs),
            ServerCpuUs = Of(sample => sample.ServerCpuUs),
            ServerAllocatedBytesPerPage = Of(sample => sample.ServerAllocatedPerPage),
            ServerFullCollections = Of(sample => sample.ServerFullCollections),
            ServerGrowthBytes = Of(sample => sample.ServerGrowthBytes),
        };
    }

    private static RatioReport Ratio(RatioSpec ratio, IReadOnlyList<RoundSamples> rounds)
    {
        double[] figures = [.. rounds.Select(ratio.Of).OfType<double>().Where(double.IsFinite)];
        Spread? spread = Spread.Of(figures);
        bool? met = null;
        if (ratio.Goal is { } goal && spread is not null)
        {
            met = ratio.CountsWorst ? figures.All(goal.IsMetBy) : goal.IsMetBy(spread.Median);
        }

        return new RatioReport(ratio.Title, Report(spread), figures, ratio.Goal?.Text, met);
    }

    private static SpreadReport? Report(Spread? spread) =>
        spread is null ? null : new SpreadReport(spread.Median, spread.Low, spread.High);
}
