using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Client.Tests.Gathering;

/// <summary>Bugs of the kind that leave pages behind, let them go too early or out of order, are noticed.</summary>
public sealed class PlugMutants
{
    private const string Plugs = "RemoteSwap.Client.Tests.Gathering.PlugTests";
    private const string Rules = "RemoteSwap.Client.Tests.Gathering.PlugRuleTests";
    private const string OneALane = nameof(PlugTests.PagesUnderAPlugGoAsOneMessageALaneAtItsEndAndNotBefore);
    private const string WhereOthersDo = nameof(PlugRuleTests.AtItsEndPagesWaitForRepliesOnlyWhereThoseWithoutAPlugDo);

    private static readonly MutantBuild Build = new(
        ["client/RemoteSwap.Client"],
        [
            "tests/RemoteSwap.Client.Tests/Fakes",
            "tests/RemoteSwap.Client.Tests/StreamReplyTests.cs",
            "tests/RemoteSwap.Client.Tests/Gathering/PlugTests.cs",
            "tests/RemoteSwap.Client.Tests/Gathering/PlugRuleTests.cs",
            "tests/RemoteSwap.Client.Tests/Gathering/PluggedCalls.cs",
        ]);

    private static readonly (Mutant Mutant, string Type, string Method, object?[] Arguments)[] s_all =
    [
        (new Mutant("the end of a plug forgets a gatherer", "Plug.cs",
            "for (int i = 0; i < _held.Count; i++)", "for (int i = 1; i < _held.Count; i++)"), Plugs, OneALane, []),
        (new Mutant("a plug holds back what is full", "Gatherer.cs",
            "_gathered.Count == MaxPages\n", "(_gathered.Count == MaxPages && !Plug.IsOn)\n"),
            Rules, nameof(PlugRuleTests.ABatchThatIsFullGoesUnderThePlug), []),
        (new Mutant("another kind overtakes what is held", "Gatherer.cs",
            "isQueued = site.LetGoOthers(this, page.Slot);", "isQueued = false;"),
            Rules, nameof(PlugRuleTests.WhatIsDoneToOneSlotUnderAPlugKeepsItsOrder), []),
        (new Mutant("the end of a plug waits for a reply", "Gatherer.cs",
            "_gathered is not null && _underWay < MostUnderWay;", "_gathered is not null && _underWay < 1;"),
            Rules, WhereOthersDo, [1]),
    ];

    public static TheoryData<string> Names => [.. s_all.Select(one => one.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_bug_is_noticed_and_without_it_the_test_passes(string name)
    {
        (Mutant mutant, string type, string method, object?[] arguments) =
            Array.Find(s_all, one => one.Mutant.Name == name);

        MutantOutcome control = Build.RunControl(type, method, arguments);

        Assert.False(control.Killed, control.ToString());
        Assert.True(Build.Run(mutant, type, method, arguments).Killed, $"not noticed: {name}");
    }
}
