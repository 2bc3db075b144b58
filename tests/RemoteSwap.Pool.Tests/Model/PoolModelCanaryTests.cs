using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Pool.Tests.Model;

/// <summary>
/// The model test finds bugs in what no golden trace covers: pins, migration, merging, headless frames.
/// </summary>
public sealed class PoolModelCanaryTests
{
    private const string Probe = "RemoteSwap.Pool.Tests.Model.PoolModelProbe";
    private const int Runs = 20;

    private static readonly MutantBuild Build = new(
        ["server/RemoteSwap.Pool"],
        [
            "tests/RemoteSwap.Pool.Tests/SwitchedFrames.cs",
            "tests/RemoteSwap.Pool.Tests/Noise.cs",
            .. Directory.EnumerateFiles(RepositoryRoot.Combine("tests/RemoteSwap.Pool.Tests/Model"), "*.cs")
                .Select(Path.GetFileName)
                .Where(name => !name!.EndsWith("Tests.cs", StringComparison.Ordinal))
                .Select(name => $"tests/RemoteSwap.Pool.Tests/Model/{name}"),
        ]);

    private static readonly Mutant[] Mutants =
    [
        new("migrate forgets to repoint LAST", "FrameMigrator.cs",
            "Repoint(ref moved, Buddy.Last, frame, target);", "_ = target;"),
        new("migrate puts the frame at the LRU head", "FrameLists.cs",
            "Lru.Replace(frame, replacement);", "Lru.Remove(frame); Lru.AddHead(replacement);"),
        new("migrate ignores pins", "FrameMigrator.cs",
            "pool.Arena.Meta(frame).Pins != 0 || pool.Arena.Meta(frame).UnderReclaim",
            "pool.Arena.Meta(frame).UnderReclaim"),
        new("unpin does not release a freed zpage", "ZbudPool.cs",
            "if (_pins.Remove(pin.Place))", "if (_pins.Remove(pin.Place) && pin.Handle.IsNone)"),
        new("free of a pinned zpage releases it at once", "ZbudPool.cs",
            "if (_pins.TryDefer(place))", "if (_pins.TryDefer(place) && place.Buddy == Buddy.First)"),
        new("merge does not copy the owner record", "FrameMerger.cs",
            ".CopyTo(FrameHeader.Record(pool.Frames.Headers[target], toSide))", ".ToArray()"),
        new("merge moves a zpage to the wrong chunks", "FrameMerger.cs",
            "pool.Arena[target].Slice(Chunks.Offset(toSide, chunks), bytes)",
            "pool.Arena[target].Slice(Chunks.Offset(toSide, chunks) - Chunks.Bytes, bytes)"),
        new("merge forgets the frame count", "FrameMerger.cs",
            "pool.Frames.Drop(source, ref from);", "from = default;"),
        new("merge keeps the place of the larger one", "FrameMerger.cs",
            "if (FrameHeader.IsMoreRecent(stamp, header.Stamp))", "if (stamp == 0)"),
        new("merge takes the older place", "FrameMerger.cs",
            "if (FrameHeader.IsMoreRecent(stamp, header.Stamp))",
            "if (FrameHeader.IsMoreRecent(header.Stamp, stamp))"),
        new("merge takes a pinned frame", "FrameMerger.cs",
            "if (frame != except && pool.Arena.Meta(frame).Pins == 0)", "if (frame != except)"),
        new("a frame that rejoins has no new stamp", "PoolFrames.cs",
            "Stamp(frame);\n        Lists.Lru.AddHead(frame);", "Lists.Lru.AddHead(frame);"),
        new("headless frames are not on the LRU list's head", "ZbudPool.cs",
            "Frames.AddToLru(frame, isNew: true);",
            "Frames.AddToLru(frame, isNew: true); "
            + "if (Frames.Lists.Lru.Count > 1) { Frames.Lists.BumpLru(Frames.Lists.Lru.Tail); }"),
        new("a refused headless frame keeps its header", "ZbudPool.cs",
            "Frames.Headers.GiveCell(header);", "_ = header;"),
        new("a refused allocation keeps its handle", "ZbudPool.cs",
            "if (isNew && !Frames.TryAdd(FrameKind.Zbud, out frame))\n        {\n            Handles.Give(handle);",
            "if (isNew && !Frames.TryAdd(FrameKind.Zbud, out frame))\n        {"),
    ];

    public static TheoryData<string> Names => [.. Mutants.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_model_test_kills(string name)
    {
        Mutant mutant = Mutants.Single(candidate => candidate.Name == name);

        MutantOutcome outcome = Build.Run(mutant, Probe, nameof(PoolModelProbe.Run), Runs);

        Assert.True(outcome.Killed, $"'{name}' survived {Runs} random runs");
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.Failure.ReplaceLineEndings(" ")[..200]);
    }

    [Fact]
    public void The_unchanged_pool_survives()
    {
        MutantOutcome outcome = Build.RunControl(Probe, nameof(PoolModelProbe.Run), Runs);

        Assert.False(outcome.Killed, outcome.ToString());
    }
}
