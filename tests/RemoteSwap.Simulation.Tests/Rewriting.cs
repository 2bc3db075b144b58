using RemoteSwap.Mutants;

namespace RemoteSwap.Simulation.Tests;

/// <summary>
/// How production sources are compiled for a simulation: continuations stay on the simulation's scheduler, and the
/// thread pool, the system's clock and its chance are the simulation's. Nothing else is changed.
/// </summary>
internal static class Rewriting
{
    private static readonly (string Find, string Replacement)[] s_all =
    [
        (".ConfigureAwait(false)", string.Empty),
        ("ConfigureAwaitOptions.SuppressThrowing",
            "ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext"),
        ("ConfigureAwaitOptions.ForceYielding",
            "ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext"),
        ("Task.WhenAll(", "SimTasks.WhenAll("),
        ("Task.WhenAny(", "SimTasks.WhenAny("),
        ("Task.Run(", "SimTasks.Run("),
        ("Task.Delay(s_", "SimTasks.Delay(s_"),
        ("_cut.CancelAsync()", "SimTasks.CancelLater(_cut)"),
        ("_closing.CancelAsync()", "SimTasks.CancelLater(_closing)"),
        ("_closed.CancelAsync()", "SimTasks.CancelLater(_closed)"),
        ("_fenced.CancelAsync()", "SimTasks.CancelLater(_fenced)"),
        (".AsTask()", ".AsWorldTask()"),
        ("Random.Shared", "SimTasks.Random"),
    ];

    /// <summary>Compiles production and simulation.</summary>
    public static MutantBuild Build { get; } = new(
        [
            .. ServerSources.Calls,
            "server/RemoteSwap.Server/Grpc/AreaGrpcService.cs",
            "server/RemoteSwap.Server/Grpc/PageStoreContract.cs",
            "server/RemoteSwap.Server/Grpc/PageStoreGrpcService.cs",
            "client/RemoteSwap.Client",
        ],
        [
            "tests/RemoteSwap.Simulation.Tests/GlobalUsings.cs",
            "tests/RemoteSwap.Simulation.Tests/SimRun.cs",
            "tests/RemoteSwap.Simulation.Tests/SimSummary.cs",
            "tests/RemoteSwap.Simulation.Tests/World",
            "tests/RemoteSwap.Simulation.Tests/Network",
            "tests/RemoteSwap.Simulation.Tests/Actors",
            "tests/RemoteSwap.Simulation.Tests/Judge",
        ],
        Rewrite);

    private static string Rewrite(string path, string text)
    {
        if (path.Contains("RemoteSwap.Simulation.Tests", StringComparison.Ordinal))
        {
            return text;
        }

        foreach ((string find, string replacement) in s_all)
        {
            text = text.Replace(find, replacement, StringComparison.Ordinal);
        }

        return "using RemoteSwap.Simulation.World;\n" + text;
    }
}
