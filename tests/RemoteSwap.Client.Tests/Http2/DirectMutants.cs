using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Bugs that a client of HTTP/2 can have without anybody noticing at first are noticed.</summary>
public sealed class DirectMutants
{
    private const string Type = "RemoteSwap.Client.Tests.Http2.DirectRun";
    private const string Method = "CheckAsync";
    private const int Seed = 1;
    private const int Rounds = 300;

    // A mutant must not take the minute that a test may wait: some of them end in waiting for what never comes.
    private static readonly MutantBuild Build = new(
        ["client/RemoteSwap.Client"],
        [
            .. new[]
            {
                "DirectAnswerTests", "DirectBreachTests", "DirectCancelTests", "DirectMessageTests", "DirectPeer",
                "DirectRun", "DirectSendingTests", "DirectWindowTests", "DotNetHuffman", "Frames", "HeadBytes",
                "KeepAliveTests", "MemoryConnection", "PausedTime",
            }.Select(name => $"tests/RemoteSwap.Client.Tests/Http2/{name}.cs"),
        ],
        static (_, text) => text.Replace("Bound = TimeSpan.FromSeconds(60)", "Bound = TimeSpan.FromSeconds(8)"));

    private static readonly Mutant[] s_mutants =
    [
        new("the window is not given back", "DirectStream.cs",
            "            _control.Widen(StreamOpening.WindowBytes - _window);\n", ""),
        new("the prefix of the second message is forgotten", "MessageAssembly.cs",
            "_payload = _payload[(PrefixBytes + length)..];", "_payload = _payload[length..];"),
        new("settings are not acknowledged", "ControlFrames.cs", "if (!isAnswer)", "if (false)"),
        new("credit is not taken from the connection's window", "SendCredit.cs",
            "            _connection -= taken;\n", ""),
        new("a writer is not told of the end", "DirectStream.cs", "if (_credit.IsOver)", "if (_cause is not null)"),
        new("padding is kept", "HeadAssembly.cs", "payload.Length - 1 - filling)", "payload.Length - 1)"),
        new("the answers have no bound", "FrameOutput.cs", "if (_answers > MostAnswerBytes)", "if (false)"),
        new("the buffer that is sent is filled", "FrameOutput.cs",
            "(_filling, _sending) = (_sending, _filling);", "_sending = _filling;"),
    ];

    public static TheoryData<string> Names => [.. s_mutants.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bug_is_noticed(string name)
    {
        Mutant mutant = Array.Find(s_mutants, candidate => candidate.Name == name)!;

        Assert.True(Build.Run(mutant, Type, Method, Seed, Rounds).Killed, $"not noticed: {name}");
    }

    [Fact]
    public void The_checks_pass_without_one()
    {
        MutantOutcome outcome = Build.RunControl(Type, Method, Seed, Rounds);

        Assert.False(outcome.Killed, outcome.ToString());
    }
}
