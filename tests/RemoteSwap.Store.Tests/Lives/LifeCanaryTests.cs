using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Store.Tests.Lives;

/// <summary>Bugs where one part meets another, which the random lives must notice.</summary>
public sealed class LifeCanaryTests
{
    private static readonly MutantBuild Build = StoreMutants.With(
        "Rig",
        "Crash/OpenCopy.cs",
        "Crash/KeptFiles.cs",
        "Crash/WatchedSpill.cs",
        "Lives/LifeFiles.cs",
        "Lives/LifeModel.cs",
        "Lives/LifeRun.cs",
        "Lives/LifeTests.cs");

    private static readonly Mutant[] s_mutants =
    [
        new("a page that left the spill file comes back after a kill", "EntryStorage.cs",
            "target!.Book?.Clear(entry.Place, entry.Buddy);", ""),
        new("a drain forgets what its owner has", "TenantDrain.cs",
            "if (entry.Kind == EntryKind.Evicted)\n        {\n",
            "if (entry.Kind == EntryKind.Evicted)\n        {\n            return;\n        }\n\n"
            + "        if (entry.Kind == EntryKind.Evicted)\n        {\n"),
        new("what emptied a slot is forgotten by a drain", "TenantDrain.cs", "_records.AddRange(tombstones);", ""),
        new("what was seen of an emptied leaf is forgotten by a drain", "TenantDrain.cs",
            "slabs.Where(slab => !floors.Of(area, slab).IsNone)", "slabs.Where(_ => false)"),
        new("a kill loses nothing", "AreaRecord.cs", "HasLostPages = HasLostPages ||", "HasLostPages = false &&"),
        new("a page is its owner's before it says so", "FrameEviction.cs",
            "answer == EvictionAnswer.Taken && shard", "shard"),
        new("a merged zpage leaves its owner record behind", "FrameMerger.cs",
            "FrameHeader.Record(pool.Frames.Headers[source], fromSide)\n"
            + "            .CopyTo(FrameHeader.Record(pool.Frames.Headers[target], toSide));",
            ""),
    ];

    public static TheoryData<string> Names => [.. s_mutants.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_noticed(string name)
    {
        MutantOutcome outcome = Build.Run(
            s_mutants.Single(mutant => mutant.Name == name),
            "RemoteSwap.Store.Tests.Lives.LifeTests",
            nameof(LifeTests.A_fixed_sample_of_lives_agrees_with_the_model));

        Assert.True(outcome.Killed, name);
    }

    [Fact]
    public void The_sources_as_they_are_survive() => Assert.False(Build.RunControl(
        "RemoteSwap.Store.Tests.Lives.LifeTests",
        nameof(LifeTests.A_fixed_sample_of_lives_agrees_with_the_model)).Killed);
}
