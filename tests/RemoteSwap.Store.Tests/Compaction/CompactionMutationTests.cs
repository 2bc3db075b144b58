using RemoteSwap.Mutants;
using RemoteSwap.Store.Tests.Regression;
using Xunit;

namespace RemoteSwap.Store.Tests.Compaction;

/// <summary>The tests of compaction fail when its bounds and its reasons are taken away.</summary>
public sealed class CompactionMutationTests
{
    private const string Namespace = "RemoteSwap.Store.Tests.Compaction.";
    private const string Asked = nameof(CompactorTests);
    private const string Background = nameof(BackgroundCompactionTests);

    private static readonly MutantBuild Build = StoreMutants.With(
        "Rig",
        "Compaction/CompactorTests.cs",
        "Compaction/BackgroundCompactionTests.cs");

    private static readonly RegressionMutant[] Mutants =
    [
        new(Asked, nameof(CompactorTests.It_merges_and_moves_no_more_than_it_is_asked_to_and_stops_when_it_is_told_to),
            [], new Mutant("a run goes one too far", "CompactionRun.cs",
                "Merged + Moved >= maxFrames", "Merged + Moved > maxFrames")),
        new(Asked, nameof(CompactorTests.Frames_gather_at_the_low_end_also_when_the_tenant_is_at_its_limit),
            [], new Mutant("a move needs room in the budget", "CompactionRun.cs",
                "!arena.TryTakeSpare(out FrameNumber target)", "!shard.Budget.TryTake(out FrameNumber target)")),
        new(Asked, nameof(CompactorTests.Pinned_frames_answer_again_later_and_the_rest_is_merged),
            [], new Mutant("pinned frames are looked at again in every step", "CompactionRun.cs",
                "passedOver = isBusy ? 0 : passedOver;", "passedOver = 0;")),
        new(Asked, nameof(CompactorTests.Frames_of_other_tenants_stay_where_they_are),
            [], new Mutant("a run moves the frames of all tenants", "FrameDescent.cs",
                "(only is not null && only != owner.Tenant)", "only is { Poison: not null }")),
        new(Background, nameof(BackgroundCompactionTests.Zpages_that_do_not_fit_together_are_looked_at_and_left_alone),
            [], new Mutant("nobody counts what can be merged", "CompactionTurn.cs",
                "return possible >= LeastMerges && possible >= now.Frames / LeastShareDivisor;", "return true;")),
        new(Background,
            nameof(BackgroundCompactionTests.Frames_in_use_are_left_alone_for_longer_and_longer_and_not_for_ever),
            [], new Mutant("a shard in use is come back to at once", "CompactionTurn.cs",
                "(2 * _lastWait) + 1", "_lastWait")),
    ];

    public static TheoryData<string> Names => [.. Mutants.Select(row => row.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_test_fails_when_the_bug_is_put_in(string name)
    {
        RegressionMutant row = Mutants.Single(row => row.Mutant.Name == name);

        MutantOutcome outcome = Build.Run(row.Mutant, Namespace + row.TestClass, row.Test, row.Arguments);

        Assert.True(outcome.Killed, $"{row.Test} passes although '{name}'");
    }
}
