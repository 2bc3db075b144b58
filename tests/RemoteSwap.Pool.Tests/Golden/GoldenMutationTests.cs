using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Pool.Tests.Golden;

/// <summary>
/// The mutants of KERNEL 7.1: each is zbud with one mistake, and the shipped trace by itself, without audit, tells each
/// from the real one.
/// </summary>
public sealed class GoldenMutationTests
{
    private const string Replay = "RemoteSwap.Pool.Tests.Golden.GoldenReplay";
    private const string Check = nameof(GoldenReplay.CheckShipped);

    // The always-on checks are silenced, so that the kill is the trace's own.
    private static readonly SourceEdit NoInvariants =
        new("Invariant.cs", "if (!holds)", "if (!holds && rule.Length == 0)");

    private static readonly MutantBuild Build = new(
        ["server/RemoteSwap.Pool"],
        [
            "tests/RemoteSwap.Pool.Tests/SwitchedFrames.cs",
            "tests/RemoteSwap.Pool.Tests/Noise.cs",
            "tests/RemoteSwap.Pool.Tests/Golden/GoldenReplay.cs",
            "tests/RemoteSwap.Pool.Tests/Golden/ReplayedPool.cs",
            "tests/RemoteSwap.Pool.Tests/Golden/ReplayDifference.cs",
            "tests/RemoteSwap.Pool.Tests/Golden/ReplayDifferenceException.cs",
        ]);

    private static readonly Mutant[] Mutants =
    [
        new("no spare-chunk reserve", "Chunks.cs",
            "FrameArena.FrameBytes - FrameHeader.Bytes - Bytes", "FrameArena.FrameBytes - FrameHeader.Bytes"),
        new("search from c+1", "FrameLists.cs",
            "_occupied >> chunks << chunks", "_occupied >> (chunks + 1) << (chunks + 1)"),
        new("worst fit", "FrameLists.cs",
            "BitOperations.TrailingZeroCount(fitting)", "BitOperations.Log2(fitting)"),
        new("FIFO lists", "FrameLists.cs",
            "BitOperations.TrailingZeroCount(fitting)].Head", "BitOperations.TrailingZeroCount(fitting)].Tail"),
        new("header not subtracted", "Chunks.cs",
            "public const int Usable = PerFrame - 1;", "public const int Usable = PerFrame;"),
        new("LRU not bumped on the second add", "PoolFrames.cs",
            "Lists.BumpLru(frame);", "_ = frame;"),
        new("LRU bumped on free", "PoolFrames.cs",
            "Lists.AddToList(place.Frame, ref meta);",
            "Lists.AddToList(place.Frame, ref meta); Lists.BumpLru(place.Frame);"),
        new("MRU reclaim", "FrameReclaimer.cs",
            "headless : pool.Frames.Lists.Lru.Tail", "headless : pool.Frames.Lists.Lru.Head"),
        new("LAST tried after FIRST failed", "FrameReclaimer.cs",
            "if (ticket.First.IsNone || evictor.TryEvict(ticket.First))",
            "_ = ticket.First.IsNone || evictor.TryEvict(ticket.First);"),
        new("failed frame put at the LRU tail", "PoolFrames.cs",
            "Lists.Lru.AddHead(frame);\n        return false;",
            "Lists.Lru.AddHead(frame);\n        while (Lists.Lru.Tail != frame) { Lists.BumpLru(Lists.Lru.Tail); }\n"
            + "        return false;"),
        new("wrong LAST offset", "Chunks.cs",
            "FrameArena.FrameBytes - (chunks * Bytes)", "FrameArena.FrameBytes - ((chunks + 1) * Bytes)"),
        new("frame-count leak", "PoolFrames.cs",
            "Count--;", "Count -= 0;"),
        new("rounding down", "Chunks.cs",
            "(bytes + Bytes - 1) / Bytes", "bytes / Bytes"),
        new("wrong code for retries==0", "FrameReclaimer.cs",
            "if (evictor is null || retries <= 0)",
            "if (evictor is not null && retries <= 0) { return ReclaimStatus.TryAgain; }\n"
            + "        if (evictor is null)"),
    ];

    public static TheoryData<string> Names => [.. Mutants.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_trace_alone_kills(string name)
    {
        Mutant mutant = Mutants.Single(candidate => candidate.Name == name);

        Mutant silenced = new(mutant.Name, [.. mutant.Edits, NoInvariants]);
        MutantOutcome outcome = Build.Run(silenced, Replay, Check, false);

        Assert.True(outcome.Killed, $"'{name}' survived the shipped trace");
        Assert.Equal(nameof(ReplayDifferenceException), outcome.FailureType);
        Assert.StartsWith("zbud-golden.txt:", outcome.Failure, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.Failure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_unchanged_pool_survives(bool withInvariants)
    {
        MutantOutcome outcome = withInvariants
            ? Build.RunControl(Replay, Check, true)
            : Build.Run(new Mutant("no invariants", NoInvariants), Replay, Check, false);

        Assert.False(outcome.Killed, outcome.ToString());
    }

    [Fact]
    public void A_mutant_that_does_not_fit_the_source_is_an_error()
    {
        Mutant[] misfits =
        [
            new("text that is not there", "Chunks.cs", "no such text", string.Empty),
            new("text that is there twice", "Chunks.cs", "public const int", "internal const int"),
            new("file that is not there", "NoSuchFile.cs", "text", string.Empty),
            new("text that does not compile", "Chunks.cs", "PerFrame - 1;", "PerFrame - ;"),
        ];

        Assert.All(misfits, misfit =>
            Assert.Throws<InvalidOperationException>(() => Build.Run(misfit, Replay, Check, false)));
    }
}
