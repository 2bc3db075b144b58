using RemoteSwap.Mutants;

namespace RemoteSwap.Fuzz.Tests;

/// <summary>Which production sources each target needs to be compiled with it.</summary>
internal static class FuzzBuilds
{
    private const string Fuzz = "tests/RemoteSwap.Fuzz";

    private static readonly string[] s_core =
    [
        $"{Fuzz}/Core/IFuzzTarget.cs", $"{Fuzz}/Core/FindingException.cs", $"{Fuzz}/Core/Mutator.cs",
        $"{Fuzz}/Core/SmokeRun.cs", $"{Fuzz}/Core/SmokeProbe.cs", $"{Fuzz}/Core/ScriptedStream.cs",
    ];

    public static MutantBuild Nbd() => new(["client/RemoteSwap.Nbd"], [.. s_core, $"{Fuzz}/Nbd"]);

    public static MutantBuild Codec() => new(
        ["protos/RemoteSwap.Codec"],
        [
            .. s_core, $"{Fuzz}/Codec", "tests/RemoteSwap.Codec.Tests/GuardedMemory.cs",
            "tests/RemoteSwap.Codec.Tests/ReferenceWalk.cs", "tests/RemoteSwap.Codec.Tests/NaiveLz4.cs",
        ]);

    public static MutantBuild Wire() => new(
        [.. ServerSources.Calls, "protos/RemoteSwap.Wire", "client/RemoteSwap.Client"],
        [
            .. s_core, $"{Fuzz}/Wire", "tests/RemoteSwap.Simulation.Tests/GlobalUsings.cs",
            "tests/RemoteSwap.Simulation.Tests/Network/PipeRequest.cs",
            "tests/RemoteSwap.Simulation.Tests/Network/PipeResponse.cs",
        ]);

    public static MutantBuild Http2() => new(
        [
            "protos/RemoteSwap.Codec", "protos/RemoteSwap.Wire", "client/RemoteSwap.Client",
            "server/RemoteSwap.Server/Direct", "server/RemoteSwap.Server/Options/TransportLimits.cs",
            "server/RemoteSwap.Server/Transport",
        ],
        [.. s_core, $"{Fuzz}/Http2"],
        AsServer);

    public static MutantBuild Files() => new(
        [
            "protos/RemoteSwap.Codec", "protos/RemoteSwap.Wire", "server/RemoteSwap.Pool", "server/RemoteSwap.Store",
            "client/RemoteSwap.Client",
        ],
        [.. s_core, $"{Fuzz}/Files", "tests/RemoteSwap.Store.Tests/Crash/OpenCopy.cs"]);

    public static MutantBuild Values() => new(
        [
            "protos/RemoteSwap.Units",
            "client/RemoteSwap.Cli/Addressing",
            "server/RemoteSwap.Server/Options/ListenAddress.cs",
        ],
        [.. s_core, $"{Fuzz}/Values/TextTarget.cs"]);

    // What the web server's project and its generators add to its sources.
    private static string AsServer(string path, string text) => !path.Contains("/Direct/", StringComparison.Ordinal)
        ? text
        : """
            using Microsoft.AspNetCore.Builder;
            using Microsoft.AspNetCore.Hosting;
            using Microsoft.AspNetCore.Http;
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Logging;

            """
            + text.Replace(
                "public partial void Failed(string connectionId, Exception failure);",
                "public void Failed(string connectionId, Exception failure) => log.LogError(failure, connectionId);",
                StringComparison.Ordinal);
}
