using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>What would make a kept spill file lie, put into the sources: the tests of this folder must
/// notice.</summary>
public sealed class CrashCanaryTests
{
    private const string Namespace = "RemoteSwap.Store.Tests.Crash.";

    private static readonly MutantBuild Build = StoreMutants.With(
        "Rig",
        "Crash/OpenCopy.cs",
        "Crash/KeptFiles.cs",
        "Crash/KeptStore.cs",
        "Crash/WatchedSpill.cs",
        "Crash/KillMoment.cs",
        "Crash/CrashRun.cs",
        "Crash/CrashTests.cs",
        "Crash/KeptSpillTests.cs");

    private static readonly (string Test, Mutant Mutant)[] All =
    [
        (nameof(CrashTests), new Mutant(
            "a mark is never cleared", "EntryStorage.cs", "target!.Book?.Clear(entry.Place, entry.Buddy);", "")),
        (nameof(CrashTests), new Mutant(
            "a mark is cleared after the answer",
            "EntryStorage.cs",
            "target!.Book?.Clear(entry.Place, entry.Buddy);",
            "SpillPlace late = entry.Place; Buddy side = entry.Buddy;\n"
            + "_ = Task.Run(() => { Thread.SpinWait(2_000_000); target!.Book?.Clear(late, side); });")),
        (nameof(CrashTests), new Mutant(
            "a mark is set before the write",
            "FrameWriteback.cs",
            "            FrameImage.Seal(frame, Header(image));\n",
            "            FrameImage.Seal(frame, Header(image));\n"
            + "            uint sealedAs = FrameHeader.Of(Header(image)).ImageChecksum;\n"
            + "            bool alone = FrameHeader.KindOf(Header(image)) == FrameKind.Headless;\n"
            + "            _target.Book?.Set(_places[image], Buddy.First, sealedAs, alone);\n")),
        (nameof(CrashTests), new Mutant(
            "a mark is set on the wrong zpage",
            "SpilledPages.cs",
            "shard.Target.Book?.Set(place, buddy, imageChecksum, entry.IsHeadless);",
            "shard.Target.Book?.Set(place, Buddy.First, imageChecksum, entry.IsHeadless);")),
        (nameof(CrashTests), new Mutant(
            "a page that is back does not hold its place",
            "SpilledPages.cs",
            "            shard.Target!.AddUser(place);\n            shard.Counters.SpilledPages++;\n            return",
            "            shard.Counters.SpilledPages++;\n            return")),
        (nameof(CrashTests), new Mutant(
            "a promoted page keeps its mark",
            "SpilledPages.cs",
            "            storage.Release(in spilled);\n            shard.Counters.PromotedPages++;",
            "            LiveMark mark = shard.Target!.Book![spilled.Place];\n"
            + "            storage.Release(in spilled);\n"
            + "            shard.Target.Book.Set(spilled.Place, spilled.Buddy, mark.ImageChecksum, mark.IsHeadless);\n"
            + "            shard.Counters.PromotedPages++;")),
        (nameof(KeptSpillTests.After_another_start_of_the_machine_nothing_is_believed), new Mutant(
            "another start of the machine is believed",
            "LiveBook.cs",
            "new Guid(bytes[32..48]) == boot",
            "new Guid(bytes[32..48]) != Guid.Empty")),
        (nameof(KeptSpillTests.Where_the_system_does_not_tell_its_starts_apart_nothing_is_believed), new Mutant(
            "an unknown start is believed", "LiveBook.cs", "boot != Guid.Empty && ", "")),
        (nameof(KeptSpillTests.A_file_that_was_closed_is_believed_after_another_start_of_the_machine), new Mutant(
            "what is in use counts as closed",
            "LiveBook.cs",
            "        // In use, and on the disk as such, before the first mark changes.\n"
            + "        WriteHeader(stream, spill, boot);\n",
            "")),
        (nameof(KeptSpillTests.What_changes_after_the_file_was_closed_takes_that_back), new Mutant(
            "a change after the end leaves it closed", "LiveBook.cs", "_words[StateWord] = 0;", "")),
        (nameof(KeptSpillTests.Two_images_that_claim_one_slot_are_both_not_believed), new Mutant(
            "the first of two claims wins",
            "SpilledPages.cs",
            "storage.Release(shard.Index.Remove(record.Area, record.Slot, Generation.None, isOwn: false));",
            "")),
        (nameof(KeptSpillTests.A_whole_image_that_is_not_the_noted_one_is_not_believed), new Mutant(
            "any whole image will do",
            "SpillRecovery.cs",
            "FrameHeader.Of(header).ImageChecksum != mark.ImageChecksum\n            || ",
            "")),
        (nameof(KeptSpillTests.Images_go_on_naming_the_tenant_that_they_named), new Mutant(
            "tenants are numbered anew",
            "KeptPages.cs",
            "target?.Book?.NumberTenants(names) ?? [.. names.Select((_, number) => (uint)number)];",
            "[.. names.Select((_, number) => (uint)number)];")),
        (nameof(KeptSpillTests.A_tenant_whose_pool_was_broken_is_not_believed_and_begins_anew), new Mutant(
            "a broken tenant is believed", "Tenant.cs", "_target?.Book?.Distrust(Number);", "")),
        (nameof(KeptSpillTests.A_book_of_another_file_is_not_believed), new Mutant(
            "any book will do", "LiveBook.cs", " && new Guid(bytes[16..32]) == spill", "")),
        (nameof(KeptSpillTests.Any_byte_that_flips_is_a_loss_and_nothing_else), new Mutant(
            "a damaged image is believed",
            new SourceEdit(
                "FrameImage.cs",
                "\n            || Checksum(frame, header, fields.Kind) != checksum)",
                " || checksum == 0)"),
            new SourceEdit(
                "SpillRecovery.cs",
                "\n            || !FrameImage.HasZpage(frame, header, in record, zpage))",
                ")"),
            new SourceEdit(
                "FrameImage.cs", "\n        && HasZpage(frame, header, in record, zpage);", ";"))),
    ];

    public static TheoryData<string> Names => [.. All.Select(row => row.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_noticed(string name)
    {
        (string test, Mutant mutant) = All.Single(row => row.Mutant.Name == name);
        bool isRandom = test == nameof(CrashTests);

        MutantOutcome outcome = Build.Run(
            mutant,
            Namespace + (isRandom ? nameof(CrashTests) : nameof(KeptSpillTests)),
            isRandom ? nameof(CrashTests.A_fixed_sample_of_kills_leaves_what_was_spilled_and_nothing_else) : test);

        Assert.True(outcome.Killed, name);
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.ToString());
    }

    [Fact]
    public void The_sample_passes_without_a_bug()
    {
        MutantOutcome outcome = Build.RunControl(
            Namespace + nameof(CrashTests),
            nameof(CrashTests.A_fixed_sample_of_kills_leaves_what_was_spilled_and_nothing_else));

        Assert.False(outcome.Killed, outcome.ToString());
    }
}
