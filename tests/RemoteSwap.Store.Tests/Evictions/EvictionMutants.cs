using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Store.Tests.Evictions;

/// <summary>Each safeguard of an eviction that is taken away is noticed by the orders of events, or by the
/// buddies.</summary>
public sealed class EvictionMutants
{
    private const string Orders = "RemoteSwap.Store.Tests.Evictions.EvictionOrderTests";
    private const string Order = nameof(EvictionOrderTests.RunAsync);
    private const string Buddies = "RemoteSwap.Store.Tests.Evictions.EvictionBuddyTests";
    private const string Both = nameof(EvictionBuddyTests.A_frame_of_two_areas_is_free_when_both_have_taken_theirs);

    private static readonly MutantBuild Build = StoreMutants.With(
        "Rig",
        "Evictions/EvictionEvent.cs",
        "Evictions/EvictionScript.cs",
        "Evictions/EvictionOrderTests.cs",
        "Evictions/EvictionBuddyTests.cs");

    private static readonly (string Type, string Test, Mutant Mutant)[] s_mutants =
    [
        (Orders, Order, new Mutant("B8 an answer is taken for whatever the slot holds by then",
            new SourceEdit(
                "EvictionCommit.cs",
                "!claim.IsCurrent || !pool.IsLive(handle))\n        {\n            return false;\n        }\n",
                "!claim.IsCurrent || index[sent.Area, sent.Slot].Kind != EntryKind.Zpage)\n        {\n"
                + "            return false;\n        }\n\n"
                + "        handle = index[sent.Area, sent.Slot].Handle;\n"),
            new SourceEdit("LiveZpage.cs", "Invariant.That(record == noted,", "Invariant.That(true,"))),
        (Orders, Order, new Mutant("a page is forgotten before it is acknowledged", "FrameEviction.cs",
            "answer == EvictionAnswer.Taken && shard", "shard")),
        (Orders, Order, new Mutant("a page that is refused is forgotten", "FrameEviction.cs",
            "answer == EvictionAnswer.Taken && shard", "answer != EvictionAnswer.None && shard")),
        (Orders, Order, new Mutant("an owner that was fenced may still make the server forget", "EvictionCommit.cs",
            "!claim.IsCurrent || ", "")),
        (Orders, Order, new Mutant("a page that was taken leaves an empty slot", "EvictionCommit.cs",
            "index.Repoint(record.Area, record.Slot, entry, entry.ToEvicted(record.PageChecksum));\n"
            + "        storage.Free(in entry);\n        counters.EvictedPages++;",
            "index.Remove(record.Area, record.Slot, default);\n        storage.Free(in entry);")),
        (Orders, Order, new Mutant("an evicted page forgets its generation", "SwapEntry.cs",
            "new((_head & ~7UL) | (ulong)EntryKind.Evicted,", "new((_head & 0xF8) | (ulong)EntryKind.Evicted,")),
        (Orders, Order, new Mutant("a stream stays open when its owner is fenced", "AreaSessions.cs",
            "        state.CloseOutlet(EvictionEnd.Fenced);\n    }\n\n    // What is not in the book",
            "    }\n\n    // What is not in the book")),
        (Buddies, Both, new Mutant("one answer is good for both buddies", "FrameEviction.cs",
            "claimed ? round[number]", "claimed ? round[0]")),
        (Buddies, Both, new Mutant("a page goes to another area's owner", "FrameEviction.cs",
            "_sent.Add(new Sent(handle, shard.Pool.Pin(handle), record, tail, outlet));",
            "_sent.Add(new Sent(handle, shard.Pool.Pin(handle), record, tail, "
            + "_sent.Count > 0 ? _sent[0].Outlet : outlet));")),
    ];

    // Two events are enough for each of them.
    private static object?[] Arguments(string test) => test == Order ? [2] : [];

    public static TheoryData<string> Names => [.. s_mutants.Select(row => row.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_safeguard_is_noticed(string name)
    {
        (string type, string test, Mutant mutant) = s_mutants.Single(row => row.Mutant.Name == name);

        Assert.True(Build.Run(mutant, type, test, Arguments(test)).Killed, $"{test} passes although '{name}'");
    }

    [Theory]
    [InlineData(Orders, Order)]
    [InlineData(Buddies, Both)]
    public void Each_test_passes_without_one(string type, string test)
    {
        MutantOutcome outcome = Build.RunControl(type, test, Arguments(test));

        Assert.False(outcome.Killed, outcome.ToString());
    }
}
