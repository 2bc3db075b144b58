using RemoteSwap.Mutants;

namespace RemoteSwap.Store.Tests;

/// <summary>Builds of the store with bugs in it, for the tests of this project.</summary>
internal static class StoreMutants
{
    private static readonly string[] s_production =
        ["server/RemoteSwap.Pool", "protos/RemoteSwap.Codec", "server/RemoteSwap.Store"];

    /// <summary>Prepares a build with files or folders of this project.</summary>
    public static MutantBuild With(params string[] tests) =>
        new(s_production, tests.Select(test => $"tests/RemoteSwap.Store.Tests/{test}"));
}
