using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Client.Tests.Evictions;

/// <summary>Each safeguard of the eviction file that is taken away is noticed by the model.</summary>
public sealed class LocalPagesMutants
{
    private const string Type = "RemoteSwap.Client.Tests.Evictions.LocalPagesTests";
    private const string Method = "RunAsync";
    private const int Seeds = 100;
    private const int ControlSeeds = 15;

    private static readonly MutantBuild Build = new(
        ["client/RemoteSwap.Client"],
        [
            "tests/RemoteSwap.Client.Tests/Evictions/NaiveServer.cs",
            "tests/RemoteSwap.Client.Tests/Evictions/LocalPagesRun.cs",
            "tests/RemoteSwap.Client.Tests/Evictions/LocalPagesTests.cs",
        ]);

    private static readonly Mutant[] s_mutants =
    [
        new("a page that is older than what is settled is taken", "PageRecord.cs",
            "if (mark.Generation > generation || (mark.Generation == generation && !mark.IsStored))", "if (false)"),
        new("a page stays in the file when its slot is stored again", "PageRecord.cs",
            "Local?.Drop(slot, mark.IsStored ? mark.Generation - 1 : mark.Generation);", ""),
        new("a page stays in the file when its slot's range is emptied", "PageRecord.cs",
            "        Local?.DropRange(first, last, generation);\n", ""),
        new("a page that is dropped keeps its header", "EvictionFile.cs",
            "RandomAccess.Write(_file, s_nothing, HeaderOffset(place));", ""),
        new("what a server does not know any more is believed always", "LocalPages.cs",
            "&& !(isTrusted\n                        &&", "&& !("),
        new("what a server has lost is never believed", "LocalPages.cs",
            "&& !(isTrusted\n                        &&", "&& !(false &&"),
        new("a slot that the server has emptied comes back", "PageRecord.cs",
            "if (outcome == LoadOutcome.NotFound && begun.IsLocal)", "if (false)"),
        new("a place is given to two pages", "EvictionFile.cs",
            "_next += place < _places ? 1u : 0u;", ""),
        new("a page is acknowledged before it is written", "LocalPages.cs",
            "            await file.WriteAsync(place, zpage, ct).ConfigureAwait(false);\n", ""),
    ];

    public static TheoryData<string> Names => [.. s_mutants.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_safeguard_is_noticed(string name)
    {
        Mutant mutant = Array.Find(s_mutants, candidate => candidate.Name == name)!;

        Assert.True(Build.Run(mutant, Type, Method, 1, Seeds).Killed, $"{Seeds} seeds have not noticed: {name}");
    }

    [Fact]
    public void The_model_passes_without_one()
    {
        MutantOutcome outcome = Build.RunControl(Type, Method, 1, ControlSeeds);

        Assert.False(outcome.Killed, outcome.ToString());
    }
}
