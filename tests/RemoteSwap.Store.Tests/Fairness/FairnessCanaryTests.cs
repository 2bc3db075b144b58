using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Store.Tests.Fairness;

/// <summary>The tests of fairness must notice when a tenant pays for another.</summary>
public sealed class FairnessCanaryTests
{
    private const string Shares = nameof(VictimChoiceTests.Tenants_give_in_proportion_to_excess_by_weight);
    private const string Guaranteed =
        nameof(VictimChoiceTests.Whoever_has_nothing_beyond_its_guarantee_is_never_chosen);
    private const string Flood = nameof(FrameBudgetTests.Frames_within_a_guarantee_are_there_in_any_flood);
    private const string Twice = nameof(FrameBudgetTests.No_two_reclaims_condemn_the_same_frame);
    private const string Emptied = nameof(ShrinkerTests.A_tenant_that_empties_slots_during_a_write_keeps_its_guarantee);
    private const string Needed = nameof(ShrinkerTests.Several_steps_are_written_at_once_and_no_more_than_are_needed);
    private const string Dropped =
        nameof(EphemeralTests.A_cache_is_dropped_although_there_is_a_spill_file_and_nobody_else_is);
    private const string Chance = nameof(EphemeralTests.What_was_loaded_outlives_what_was_not);

    private static readonly MutantBuild Build = StoreMutants.With(
        "Rig",
        "Fairness/CountingFrames.cs",
        "Fairness/EphemeralTests.cs",
        "Fairness/FairStore.cs",
        "Fairness/FrameBudgetTests.cs",
        "Fairness/ShrinkerTests.cs",
        "Fairness/VictimChoiceTests.cs");

    private static readonly (Type Tests, string Test, Mutant Mutant)[] Mutants =
    [
        (typeof(VictimChoiceTests), Shares, new Mutant("weights are not looked at", "Victim.cs",
            "(double)Excess / tenant.Weight", "(double)Excess")),
        (typeof(VictimChoiceTests), Shares, new Mutant("the turn begins anew each time", "VictimChoice.cs",
            "        double most = victims.Max(victim => victim.Pressure);",
            "        double most = victims.Max(victim => victim.Pressure);\n        _shared = 0;\n"
            + "        _hasCredit = false;")),
        (typeof(VictimChoiceTests), Shares, new Mutant("credit that is left is forgotten", "VictimChoice.cs",
            "Math.Min(victim.Credit + share, MaxCredit)", "share")),
        (typeof(VictimChoiceTests), Guaranteed, new Mutant("the server takes what is guaranteed", "Victim.cs",
            "tenant.Budget.UsedFrames - InFlight - tenant.Budget.GuaranteedFrames - FrameBudget.MaxSideFrames",
            "tenant.Budget.UsedFrames - InFlight")),
        (typeof(VictimChoiceTests), Guaranteed, new Mutant("what is being taken is taken again", "Victim.cs",
            "tenant.Budget.UsedFrames - InFlight - tenant.Budget.GuaranteedFrames",
            "tenant.Budget.UsedFrames - tenant.Budget.GuaranteedFrames")),
        (typeof(FrameBudgetTests), Flood, new Mutant("a guarantee is promised and not kept free", "FrameBudget.cs",
            "long more = Math.Max(frames, used) - Math.Max(Guarantee(state), used);", "long more = 0;")),
        (typeof(FrameBudgetTests), Twice, new Mutant("the same excess is taken twice", "FrameBudget.cs",
            "Used(state) - Guarantee(state) - Volatile.Read(ref _condemned)", "Used(state) - Guarantee(state)")),
        (typeof(ShrinkerTests), Emptied, new Mutant("nobody asks again when a frame goes", "FrameBudget.cs",
            "if (Excess() >= 0)", "if (true)")),
        (typeof(ShrinkerTests), Needed, new Mutant("steps under way do not count", "Shrinker.cs",
            "_server.ChargedFrames - _steps.Frames - _server.Gate.StopFrames",
            "_server.ChargedFrames - _server.Gate.StopFrames")),
        (typeof(EphemeralTests), Dropped, new Mutant("a cache is written", "TenantReclaim.cs",
            "bool drops = tenant.Options.Retention == Retention.Ephemeral;", "bool drops = false;")),
        (typeof(EphemeralTests), Chance, new Mutant("there is no second chance", "FrameAging.cs",
            "pool.Frames.AddToLru(frame, isNew: false);\n            passed++;",
            "pool.Frames.MakeOldest(frame);\n            passed++;")),
    ];

    public static TheoryData<string> Names => [.. Mutants.Select(row => row.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_test_fails_when_the_bug_is_put_in(string name)
    {
        (Type tests, string test, Mutant mutant) = Mutants.Single(row => row.Mutant.Name == name);

        Assert.True(Build.Run(mutant, tests.FullName!, test).Killed, $"{test} passes although '{name}'");
    }

    [Fact]
    public void Each_test_passes_without_it()
    {
        foreach ((Type tests, string test, _) in Mutants.DistinctBy(row => row.Test))
        {
            MutantOutcome outcome = Build.RunControl(tests.FullName!, test);

            Assert.False(outcome.Killed, $"{test}: {outcome}");
        }
    }
}
