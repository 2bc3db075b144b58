using RemoteSwap.Mutants;
using RemoteSwap.Store.Tests.Linearizability;
using Xunit;

namespace RemoteSwap.Store.Tests.Model;

/// <summary>The model test and the parallel test must catch bugs that no regression test is about.</summary>
public sealed class ModelCanaryTests
{
    private static readonly MutantBuild Build = StoreMutants.With(
        "Rig",
        "Model/NaiveStore.cs",
        "Model/StoreModelTests.cs",
        "Model/StoreRun.cs",
        "Linearizability");

    private static readonly Mutant[] ModelMutants =
    [
        new("a stale invalidate is carried out", "Shard.cs",
            ": !generation.IsNone && generation.IsOlderThan(entry.Generation);", ": false;"),
        new("a newer generation is refused", "Shard.cs",
            "if (present.Generation.IsOlderThan(generation))", "if (false)"),
        new("a spilled page forgets which buddy it is", "SwapEntry.cs",
            "place.Value | ((ulong)buddy << UpperShift)", "place.Value"),
        new("a merged zpage leaves its owner record behind", "FrameMerger.cs",
            "FrameHeader.Record(pool.Frames.Headers[source], fromSide)\n"
            + "            .CopyTo(FrameHeader.Record(pool.Frames.Headers[target], toSide));",
            ""),
        new("a word is cut in half", "SwapEntry.cs",
            "(uint)word == (uint)(word >> UpperShift)", "true"),
        new("a range ends a slot early", "Shard.cs",
            "number <= end; number++", "number < end; number++"),
        new("an acknowledgement takes any generation", "Shard.cs",
            "!entry.IsHandedOver || entry.Generation != generation", "!entry.IsHandedOver"),
    ];

    private static readonly Mutant[] ParallelMutants =
    [
        new(
            "a page is loaded without the lock",
            new SourceEdit(
                "Shard.cs",
                "page = default;\n        spilled = default;\n        lock (Gate)",
                "page = default;\n        spilled = default;"),
            new SourceEdit(
                "EntryStorage.cs",
                "        OwnerRecord record = OwnerRecord.Read(memory.OwnerRecord);\n",
                "        Thread.Yield();\n"
                + "        OwnerRecord record = OwnerRecord.Read(memory.OwnerRecord);\n")),
        new(
            "the slot's entry is taken for the one that was written",
            new SourceEdit(
                "LiveZpage.cs",
                "entry.Kind == EntryKind.Zpage\n"
                + "                && entry.Handle == handle\n"
                + "                && record.Matches(record.Area, record.Slot, in entry)",
                "entry.Kind == EntryKind.Zpage"),
            new SourceEdit(
                "SpilledPages.cs",
                "if (!shard.Pool.IsLive(handle))",
                "if (handle.IsNone\n"
                + "|| !shard.Pool.IsLive(handle = shard.Index[default, new Slot(handle.Value % 6)].Handle))")),
    ];

    public static TheoryData<string> ModelNames => [.. ModelMutants.Select(mutant => mutant.Name)];

    public static TheoryData<string> ParallelNames => [.. ParallelMutants.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void The_model_test_catches_it(string name)
    {
        MutantOutcome outcome = Build.Run(
            ModelMutants.Single(mutant => mutant.Name == name),
            "RemoteSwap.Store.Tests.Model.StoreModelTests",
            nameof(StoreModelTests.A_fixed_history_agrees_with_the_naive_store));

        Assert.True(outcome.Killed, name);
    }

    [Theory]
    [MemberData(nameof(ParallelNames))]
    public void The_parallel_test_catches_it(string name)
    {
        MutantOutcome outcome = Build.Run(
            ParallelMutants.Single(mutant => mutant.Name == name),
            "RemoteSwap.Store.Tests.Linearizability.ParallelTests",
            nameof(ParallelTests.Each_slots_history_is_linearizable_with_reclaim_and_migration_running));

        Assert.True(outcome.Killed, name);
    }
}
