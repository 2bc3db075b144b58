using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace RemoteSwap.Benchmarks;

/// <summary>
/// How everything is measured. The full preset gives each case a process of its own, which BenchmarkDotNet builds. The
/// quick one runs all cases in this process: nothing is built, so it takes minutes; but they share one heap and one set
/// of JIT profiles, so a difference of a few percent between two rows says nothing.
/// </summary>
internal static class BenchmarkConfiguration
{
    private static readonly TimeSpan CaseTimeout = TimeSpan.FromMinutes(10);

    public static IConfig Create(bool quick) => ManualConfig.Create(DefaultConfig.Instance)
        .AddJob(quick ? Quick() : Full())
        .AddColumn(StatisticColumn.Min, StatisticColumn.Median, StatisticColumn.Max)
        .HideColumns(Column.Error, Column.StdDev, Column.RatioSD, Column.AllocRatio)
        .HideColumns(Column.Gen0, Column.Gen1, Column.Gen2)
        .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "BenchmarkDotNet.Artifacts"));

    private static Job Full() =>
        Job.Default.WithId("full").WithIterationCount(25).WithIterationTime(TimeInterval.FromMilliseconds(250));

    private static Job Quick() => Job.Default.WithId("quick")
        .WithToolchain(new InProcessEmitToolchain(CaseTimeout, logOutput: true))
        .WithWarmupCount(6)
        .WithIterationCount(7)
        .WithIterationTime(TimeInterval.FromMilliseconds(80));
}
