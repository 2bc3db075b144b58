using RemoteSwap.Mutants;

namespace RemoteSwap.Nbd.Tests.Protocol;

/// <summary>A device that is left plugged, or plugged for nothing, is noticed.</summary>
public sealed class PlugMutants
{
    private const string Type = "RemoteSwap.Nbd.Tests.Protocol.PlugTests";
    private const string OnePiece = nameof(
        PlugTests.Requests_that_come_in_one_piece_are_begun_under_one_plug_that_ends_before_anything_is_waited_for);
    private const string IfAtHand = "!isPlugged && _input.Buffered >= RequestHeader.Bytes";
    private const string IfPlugged = "if (isPlugged)\n";

    private static readonly MutantBuild Build = new(
        ["client/RemoteSwap.Nbd"],
        [
            "tests/RemoteSwap.Nbd.Tests/GlobalUsings.cs",
            "tests/RemoteSwap.Nbd.Tests/Support",
            "tests/RemoteSwap.Nbd.Tests/Protocol/PlugTests.cs",
        ]);

    private static readonly (Mutant Mutant, string Method, object?[] Arguments)[] s_all =
    [
        (new Mutant("what was plugged stays so", "RequestLoop.cs", IfPlugged, "if (false)\n"),
            nameof(PlugTests.A_client_that_goes_leaves_nothing_plugged), []),
        (new Mutant("requests at hand are begun without a plug", "RequestLoop.cs", IfAtHand, "false"), OnePiece, []),
        (new Mutant("a request alone is plugged", "RequestLoop.cs", IfAtHand, "!isPlugged"),
            nameof(PlugTests.A_request_alone_is_begun_without_a_plug), []),
        (new Mutant("a payload is waited for under a plug", "RequestLoop.cs",
            IfPlugged, "if (isPlugged && _stage != RequestStage.Payload)\n"),
            nameof(PlugTests.A_payload_that_is_not_here_is_waited_for_without_a_plug), []),
    ];

    public static TheoryData<string> Names => [.. s_all.Select(one => one.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_bug_is_noticed_and_without_it_the_test_passes(string name)
    {
        (Mutant mutant, string method, object?[] arguments) = Array.Find(s_all, one => one.Mutant.Name == name);

        MutantOutcome control = Build.RunControl(Type, method, arguments);

        Assert.False(control.Killed, control.ToString());
        Assert.True(Build.Run(mutant, Type, method, arguments).Killed, $"not noticed: {name}");
    }
}
