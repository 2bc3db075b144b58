using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Store.Tests.Scrub;

/// <summary>The scrubber's tests must notice when it only pretends to look.</summary>
public sealed class ScrubberCanaryTests
{
    private const string TestClass = "RemoteSwap.Store.Tests.Scrub.ScrubberTests";
    private const string InFrame = nameof(ScrubberTests.A_flipped_bit_in_a_frame_is_found_once_in_each_pass);
    private const string InImage = nameof(ScrubberTests.A_bit_that_flipped_before_its_frame_was_spilled_is_found);
    private const string Place = nameof(ScrubberTests.A_page_forgotten_while_its_image_is_read_keeps_its_place);
    private const string Rate = nameof(ScrubberTests.No_more_is_read_than_the_rate_allows);

    private static readonly MutantBuild Build = StoreMutants.With(
        "Rig",
        "Scrub/ScrubberTests.cs");

    private static readonly (string Test, Mutant Mutant)[] Mutants =
    [
        (InFrame, new Mutant("a zpage's checksum is not compared", "LeafCheck.cs",
            "ZpageTail.ChecksumOf(_shard!.Pool.Map(page.Pin), tail, page.Record.Length)\n"
            + "                    == page.Record.ZpageChecksum;", "true;")),
        (InFrame, new Mutant("leaves are left out", "LeafWalk.cs",
            "leaf < SlabLeaves.Leaves;", "leaf < 0;")),
        (InImage, new Mutant("a spilled zpage's checksum is not compared", "FrameImage.cs",
            "ZpageTail.ChecksumOf(frame[zpage], FrameHeader.Spare(header), record.Length) == record.ZpageChecksum;",
            "true;")),
        (InImage, new Mutant("spilled pages are left out", "LeafCheck.cs",
            "entry.Kind == EntryKind.Spilled && target is not null", "false")),
        (Place, new Mutant(
            "the scrubber is no user of the place that it reads",
            new SourceEdit("LeafCheck.cs", "target.AddUser(entry.Place);", ""),
            new SourceEdit("LeafCheck.cs", "target!.DropUser(place);", ""))),
        (Rate, new Mutant("what was read is not paid for", "Scrubber.cs",
            "_allowance -= LeafBytes + _check.Bytes;", "")),
    ];

    public static TheoryData<string> Names => [.. Mutants.Select(row => row.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_test_fails_when_the_bug_is_put_in(string name)
    {
        (string test, Mutant mutant) = Mutants.Single(row => row.Mutant.Name == name);

        Assert.True(Build.Run(mutant, TestClass, test, Arguments(test)).Killed, $"{test} passes although '{name}'");
    }

    [Theory]
    [InlineData(InFrame)]
    [InlineData(InImage)]
    [InlineData(Place)]
    [InlineData(Rate)]
    public void Each_test_passes_without_it(string test)
    {
        MutantOutcome outcome = Build.RunControl(TestClass, test, Arguments(test));

        Assert.False(outcome.Killed, outcome.ToString());
    }

    private static object?[] Arguments(string test) => test == InFrame ? [1000] : [];
}
