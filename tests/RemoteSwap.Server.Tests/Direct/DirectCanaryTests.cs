using RemoteSwap.Mutants;

namespace RemoteSwap.Server.Tests.Direct;

/// <summary>The tests of the parts must notice when one of them does not count.</summary>
public sealed class DirectCanaryTests
{
    private const string Send = nameof(DirectPartsTests.BothWindowsBoundWhatIsSent);
    private const string Widest = nameof(DirectPartsTests.WidestWindowIsTheLast);
    private const string Receive = nameof(DirectPartsTests.WhatIsUsedIsGrantedByHalves);
    private const string Begin = nameof(DirectPartsTests.OpeningIsKnownWhenItIsWhole);
    private const string Watch = nameof(DirectPartsTests.LineIsWatched);

    private static readonly MutantBuild Build = new(
        [
            "protos/RemoteSwap.Wire/Http2",
            "server/RemoteSwap.Server/Direct/DirectLimits.cs",
            "server/RemoteSwap.Server/Direct/LineState.cs",
            "server/RemoteSwap.Server/Direct/LineWatch.cs",
            "server/RemoteSwap.Server/Direct/Opening.cs",
            "server/RemoteSwap.Server/Direct/OpeningKind.cs",
            "server/RemoteSwap.Server/Direct/ReceiveWindow.cs",
            "server/RemoteSwap.Server/Direct/SendWindow.cs",
            "server/RemoteSwap.Server/Direct/Signal.cs",
            "server/RemoteSwap.Server/Direct/WireFaultException.cs",
            "server/RemoteSwap.Server/Options/TransportLimits.cs",
        ],
        [
            "tests/RemoteSwap.Server.Tests/GlobalUsings.cs",
            "tests/RemoteSwap.Server.Tests/Support/SpillFolder.cs",
            "tests/RemoteSwap.Server.Tests/Direct/DirectPartsTests.cs",
        ]);

    private static readonly (string Test, Mutant Mutant)[] Mutants =
    [
        (Send, new Mutant("the connection's window does not count", "SendWindow.cs",
            "Math.Min(_connection, _stream)", "_stream")),
        (Send, new Mutant("the stream's window does not count", "SendWindow.cs",
            "Math.Min(_connection, _stream)", "_connection")),
        (Send, new Mutant("a smaller window does not count", "SendWindow.cs", "_stream += more;", "")),
        (Widest, new Mutant("windows have no end", "SendWindow.cs",
            "if (window + bytes > Http2Wire.MostWindowBytes)", "if (false)")),
        (Receive, new Mutant("clients may send what they like", "ReceiveWindow.cs",
            "if (taken > _left)", "if (false)")),
        (Receive, new Mutant("what is used is granted twice", "ReceiveWindow.cs", "_used = 0;", "")),
        (Begin, new Mutant("any preface will do", "Opening.cs",
            "if (!seen[..common].SequenceEqual(preface[..common]))", "if (false)")),
        (Begin, new Mutant("any value is a promise", "Opening.cs",
            "BinaryPrimitives.ReadUInt32BigEndian(settings[sizeof(ushort)..]) == 1", "true")),
        (Watch, new Mutant("a silent client lives for ever", "LineWatch.cs",
            "|| IsOver(_asked, limits.PingTimeout)", "")),
        (Watch, new Mutant("a client that takes nothing lives for ever", "LineWatch.cs",
            "IsOver(stalledSince, DirectLimits.LongestStall) || ", "")),
    ];

    public static TheoryData<string> Names => [.. Mutants.Select(row => row.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ItsTestFailsWhenTheBugIsPutIn(string name)
    {
        (string test, Mutant mutant) = Mutants.Single(row => row.Mutant.Name == name);

        Assert.True(
            Build.Run(mutant, typeof(DirectPartsTests).FullName!, test).Killed, $"{test} passes although '{name}'");
    }

    [Fact]
    public void EachTestPassesWithoutIt()
    {
        foreach (string test in Mutants.Select(row => row.Test).Distinct())
        {
            MutantOutcome outcome = Build.RunControl(typeof(DirectPartsTests).FullName!, test);

            Assert.False(outcome.Killed, $"{test}: {outcome}");
        }
    }
}
