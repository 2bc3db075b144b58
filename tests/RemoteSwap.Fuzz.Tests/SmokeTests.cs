using RemoteSwap.Fuzz.Core;
using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Fuzz.Tests;

/// <summary>
/// Every target on all inputs that are kept and some thousands of changed ones, the same in each run. An input that AFL
/// found becomes a file of the corpus, and thereby a test.
/// </summary>
public sealed class SmokeTests
{
    /// <summary>Which changed inputs; another number is another run.</summary>
    public const int Seed = 20261126;

    private const long MaxCorpusBytes = 1 << 20;

    /// <summary>Targets, and changed inputs of each: all together take some seconds.</summary>
    public static TheoryData<string, int> Budget => new()
    {
        { "nbd-transmission", 4000 },
        { "nbd-handshake", 4000 },
        { "wire", 4000 },
        { "http2", 4000 },
        { "files", 300 },
        { "zpages", 6000 },
        { "texts", 10_000 },
        { "settings", 1500 },
    };

    [Theory]
    [MemberData(nameof(Budget))]
    public void No_input_breaks_a_rule(string name, int changed)
    {
        IFuzzTarget target = TargetCatalog.Find(name)!;

        SmokeProbe.Run(target.GetType().FullName!, Corpus(name), changed, Seed);
    }

    [Fact]
    public void Every_target_has_a_budget_and_a_corpus()
    {
        string[] names = [.. TargetCatalog.All.Select(target => target.Name).Order(StringComparer.Ordinal)];

        Assert.Equal(names, Budget.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.NotEmpty(Directory.GetFiles(Corpus(name))));
    }

    [Fact]
    public void The_corpus_is_small() => Assert.InRange(
        new DirectoryInfo(RepositoryFolder("tests/RemoteSwap.Fuzz/Corpus"))
            .EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length),
        1,
        MaxCorpusBytes);

    /// <summary>The folder with a target's inputs.</summary>
    internal static string Corpus(string name) => RepositoryFolder($"tests/RemoteSwap.Fuzz/Corpus/{name}");

    private static string RepositoryFolder(string path) => RepositoryRoot.Combine(path);
}
