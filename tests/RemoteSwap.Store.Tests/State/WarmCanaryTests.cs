using RemoteSwap.Mutants;
using RemoteSwap.Store.Tests.Model;
using Xunit;

namespace RemoteSwap.Store.Tests.State;

/// <summary>Bugs of drain and restart that the tests of both must catch.</summary>
public sealed class WarmCanaryTests
{
    private const string Model = "RemoteSwap.Store.Tests.Model.StoreModelTests";
    private const string Warm = "RemoteSwap.Store.Tests.State.WarmRestartTests";
    private const string Book = "RemoteSwap.Store.Tests.State.AreaBookTests";

    private static readonly MutantBuild Build = StoreMutants.With(
        "Rig",
        "Model/NaiveStore.cs",
        "Model/StoreModelTests.cs",
        "Model/StoreRun.cs",
        "State/AreaBookTests.cs",
        "State/WarmRestartTests.cs");

    private static readonly (Mutant Mutant, string Type, string Method)[] Canaries =
    [
        (new Mutant("what emptied a slot is forgotten", "TenantDrain.cs", "_records.AddRange(tombstones);", ""),
            Warm, nameof(WarmRestartTests.Who_was_fenced_stays_fenced_and_emptied_slots_remember)),
        (new Mutant("floors of areas are forgotten", "TenantDrain.cs", "if (!floors.Of(area).IsNone)", "if (false)"),
            Warm, nameof(WarmRestartTests.Who_was_fenced_stays_fenced_and_emptied_slots_remember)),
        (new Mutant("a page that is handed over is not any more", "TenantRestore.cs",
            "shard.Index.Repoint(record.Area, record.Slot, entry, entry.ToHandedOver());", ""),
            Model, nameof(StoreModelTests.A_fixed_history_goes_on_after_drains)),
        (new Mutant("the most recent frame is written first", "FrameCopier.cs",
            "_hasBegun ? _next : pool.Frames.Lists.Lru.Tail", "_hasBegun ? _next : pool.Frames.Lists.Lru.Head"),
            Model, nameof(StoreModelTests.A_fixed_history_goes_on_after_drains)),
        (new Mutant("an image is of any drain", "FrameImage.cs", "if (drain != 0)", "if (false)"),
            Warm, nameof(WarmRestartTests.Images_of_an_earlier_drain_are_not_believed)),
        (new Mutant("the mark stays", "AreaBook.cs", "Rewrite(areas, drain: null);", "Rewrite(areas, Drain);"),
            Warm, nameof(WarmRestartTests.What_was_drained_comes_back_once_and_a_crash_after_it_loses_it)),
        (new Mutant("a crash leaves the old epoch in force", "AreaRecord.cs",
            "            Owner = untold,\n", ""),
            Book, nameof(AreaBookTests.Between_a_crash_and_the_owner_s_return_its_old_epoch_is_nobody_s)),
        (new Mutant("a change is true before it is written", "AreaSessions.cs",
            "store.State?.Areas.Append(record);", ""),
            Book, nameof(AreaBookTests.Who_was_fenced_before_a_crash_stays_fenced)),
        (new Mutant("a start with too little room loses pages", "StartCheck.cs",
            "if (frames > gate.LimitFrames)", "if (false)"),
            Warm, nameof(WarmRestartTests.A_start_that_would_lose_pages_is_refused_and_loses_none)),
        (new Mutant("a drained store goes on", "OperationGate.cs", "if (!_isClosed)", "if (_running > 0)"),
            Warm, nameof(WarmRestartTests.Of_a_store_that_drains_nothing_changes_any_more)),
    ];

    public static TheoryData<string> Names => [.. Canaries.Select(canary => canary.Mutant.Name)];

    [Fact]
    public void The_sources_as_they_are_survive()
    {
        foreach ((_, string type, string method) in Canaries)
        {
            Assert.False(Build.RunControl(type, method).Killed, method);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_caught(string name)
    {
        (Mutant mutant, string type, string method) = Canaries.Single(canary => canary.Mutant.Name == name);
        Assert.True(Build.Run(mutant, type, method).Killed, name);
    }
}
