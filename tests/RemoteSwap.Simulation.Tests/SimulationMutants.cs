using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Simulation.Tests;

/// <summary>
/// Takes one safeguard away at a time: the simulation has to notice within a thousand seeds. Says which seed did.
/// </summary>
public sealed class SimulationMutants(ITestOutputHelper output)
{
    private const int MaxSeeds = 1000;

    private static readonly Mutant[] s_mutants =
    [
        new("a store's epoch is not checked", "Shard.cs",
            "if (!page.Claim.IsCurrent)", "if (false)"),
        new("a load's epoch is not checked", "Shard.cs",
            "if (!claim.IsCurrent)\n            {\n                return LoadOutcome.Fenced;\n            }", ""),
        new("a store's generation is not checked", "Shard.cs",
            "if (present.Generation.IsOlderThan(generation))", "if (true)"),
        new("an empty slot forgets what it has seen", "SwapIndex.cs",
            "place = SwapEntry.Tombstone(seen.IsNewerThan(old.Generation) ? seen : old.Generation);",
            "place = default;"),
        new("an empty neighbourhood forgets what it has seen", "SwapIndex.cs",
            "slab.Raise(NewestOf(slab.Frame(leaf)));", ""),
        new("a server that was started anew takes lost slots for empty ones", "AreaSessions.cs",
            "HasLostPages = true,\n            IsBeingEmptied", "IsBeingEmptied"),
        new("sessions are not resumed on a server that was started anew", "SessionSet.cs",
            "if (_sessions.TrueForAll(session => session.Incarnation == incarnation))", "if (true)"),
        new(
            "the client checks no checksum",
            new SourceEdit(
                "PageForm.cs", "if (PageChecksum.OfZpage(zpage) != identity.ZpageChecksum)", "if (false)"),
            new SourceEdit(
                "PageForm.cs",
                "&& PageChecksum.OfPage(page, area, slot, generation) == identity.PageChecksum;",
                ";")),
        new("a refused store leaves the old page", "Shard.cs",
            "old = Index.Remove(page.Area, page.Slot, generation);", "old = default;"),
        new("what was not answered is sent again in any order", "LaneQueue.cs",
            "requests.OrderBy(request => request.Id)", "requests.OrderByDescending(request => request.Id)"),
        new("what was not answered is not sent again", "LaneQueue.cs",
            "bool isOver = request.FailedAttempts >= maxAttempts || request.IsAbandoned;",
            "bool isOver = maxAttempts > 0;"),
        new("a stale store is sent again over a newer one", "PageRecord.cs",
            "return page.Issued == (uint)generation\n                &&", "return"),
    ];

    public static TheoryData<string> Names => [.. s_mutants.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_safeguard_is_noticed(string name)
    {
        Mutant mutant = Array.Find(s_mutants, candidate => candidate.Name == name)!;

        // The run ends with the first seed that notices.
        MutantOutcome outcome = Rewriting.Build.Run(
            mutant, SimulationTests.Type, SimulationTests.Method, 1, MaxSeeds);

        Assert.True(outcome.Killed, $"{MaxSeeds} seeds have not noticed: {name}");
        output.WriteLine($"{name}: {outcome.Failure.Split('\n')[0]}");
    }
}
