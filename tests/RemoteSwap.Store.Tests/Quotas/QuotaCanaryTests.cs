using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Store.Tests.Quotas;

/// <summary>The quotas' tests must notice when a tenant may use more, or is refused what it may use.</summary>
public sealed class QuotaCanaryTests
{
    private const string TestClass = "RemoteSwap.Store.Tests.Quotas.QuotaAccountTests";
    private const string Burst = nameof(QuotaAccountTests.A_burst_passes_and_what_follows_pauses_for_its_rate);
    private const string Ahead = nameof(QuotaAccountTests.Who_is_too_far_ahead_is_told_how_far_and_pays_nothing_for_it);
    private const string Bytes =
        nameof(QuotaAccountTests.Bytes_have_a_rate_of_their_own_and_a_refusal_for_them_is_no_call);

    private const string UnderWay =
        nameof(QuotaAccountTests.Bytes_under_way_are_bounded_and_a_lone_call_is_let_in_however_large);

    private const string Streams = nameof(QuotaAccountTests.Streams_are_counted_and_a_quota_may_be_lifted);
    private const string Pages = nameof(QuotaAccountTests.A_tenant_with_all_its_pages_may_replace_them_and_add_none);
    private const string Areas = nameof(QuotaAccountTests.Areas_with_owners_are_bounded_and_one_that_leaves_makes_room);

    private static readonly MutantBuild Build = StoreMutants.With("Rig", "Quotas/QuotaAccountTests.cs");

    private static readonly (string Test, Mutant Mutant)[] Mutants =
    [
        (Burst, new Mutant("nobody pauses", "RateBucket.cs",
            "long debt = Math.Max(0, after - now - credit);", "long debt = 0;")),
        (Burst, new Mutant("a bucket that was not used holds more than its burst", "RateBucket.cs",
            "long after = Math.Max(before, now) + price;",
            "long after = (before == long.MinValue ? now : before) + price;")),
        (Ahead, new Mutant("who is refused pays", "RateBucket.cs",
            "if (pause > longest)\n            {",
            "if (pause > longest)\n            {\n                Interlocked.Exchange(ref _paidUntil, after);")),
        (Ahead, new Mutant("bytes of a refused call stay under way", "QuotaAccount.cs",
            "End(bytes);\n        return false;", "return false;")),
        (Bytes, new Mutant("bytes have no rate", "QuotaAccount.cs", "quotas.BytesPerSecond > 0\n", "false\n")),
        (Bytes, new Mutant("a call that is refused for its bytes is paid for", "QuotaAccount.cs",
            "_calls.GiveBack(1, quotas.CallsPerSecond);", "")),
        (UnderWay, new Mutant("what has ended is under way", "QuotaAccount.cs",
            "Interlocked.Add(ref _inFlight, -bytes);", "Volatile.Read(ref _inFlight);")),
        (UnderWay, new Mutant("a lone call is refused for its size", "QuotaAccount.cs",
            " && inFlight > bytes)", ")")),
        (Streams, new Mutant("a stream that was refused is counted", "QuotaAccount.cs",
            "EndStream();\n            refusal", "refusal")),
        (Pages, new Mutant("pages have no quota", "Shard.cs",
            "page.MayReplaceOnly && !present.IsCounted", "false")),
        (Pages, new Mutant("with all its pages a tenant may not replace one", "Shard.cs",
            "page.MayReplaceOnly && !present.IsCounted", "page.MayReplaceOnly")),
        (Areas, new Mutant("areas have no quota", "QuotaAccount.cs",
            "most == 0 || owned < most;", "owned >= 0;")),
        (Areas, new Mutant("an area that is taken over is one more", "AreaSessions.cs",
            "state.Owner.IsNone && terms.Mode != AttachMode.Resume && !HasRoomForArea()", "!HasRoomForArea()")),
    ];

    public static TheoryData<string> Names => [.. Mutants.Select(row => row.Mutant.Name)];

    public static TheoryData<string> Tests => [.. Mutants.Select(row => row.Test).Distinct()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_test_fails_when_the_bug_is_put_in(string name)
    {
        (string test, Mutant mutant) = Mutants.Single(row => row.Mutant.Name == name);

        Assert.True(Build.Run(mutant, TestClass, test).Killed, $"{test} passes although '{name}'");
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void Each_test_passes_without_it(string test)
    {
        MutantOutcome outcome = Build.RunControl(TestClass, test);

        Assert.False(outcome.Killed, outcome.ToString());
    }
}
