using RemoteSwap.Mutants;

namespace RemoteSwap.Codec.Tests;

/// <summary>The codec and its tests, compiled with bugs in the codec.</summary>
internal static class CodecMutantBuild
{
    private static readonly string[] NotCompiledIn =
        [$"{nameof(CodecMutationTests)}.cs", $"{nameof(GuardCanaryTests)}.cs", $"{nameof(CodecMutantBuild)}.cs"];

    public static MutantBuild Instance { get; } = new(
        ["protos/RemoteSwap.Codec"],
        [
            .. Directory.EnumerateFiles(RepositoryRoot.Combine("tests/RemoteSwap.Codec.Tests"), "*.cs")
                .Select(Path.GetFileName)
                .Where(name => !NotCompiledIn.Contains(name, StringComparer.Ordinal))
                .Select(name => $"tests/RemoteSwap.Codec.Tests/{name}"),
        ]);
}
