using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Store.Tests.Hygiene;

/// <summary>Ways to let bytes of a former tenant out, each of which its test must catch.</summary>
public sealed class LeakCanaryTests
{
    private const string Type = "RemoteSwap.Store.Tests.Hygiene.LeakTests";

    private static readonly MutantBuild Build = StoreMutants.With("Rig", "Hygiene/LeakTests.cs");

    private static readonly (Mutant Mutant, string Method)[] Canaries =
    [
        (new Mutant("the slack of a spilled image stays", "FrameImage.cs", "ImageSlack.Clear(frame, header);", ""),
            nameof(LeakTests.No_spilled_image_has_bytes_of_a_freed_frame)),
        (new Mutant("the slack of a drained image stays", "FrameImage.cs", "ImageSlack.Clear(frame, header);", ""),
            nameof(LeakTests.No_drained_image_has_bytes_of_a_freed_frame)),
        (new Mutant("the slack between two zpages stays", "ImageSlack.cs", "frame[firstEnd..lastBegin].Clear();", ""),
            nameof(LeakTests.No_spilled_image_has_bytes_of_a_freed_frame)),
        (new Mutant("the slack behind the last zpage stays", "ImageSlack.cs", "frame[lastEnd..].Clear();", ""),
            nameof(LeakTests.No_spilled_image_has_bytes_of_a_freed_frame)),
        (new Mutant("the slack of a headless frame stays", "ImageSlack.cs",
            "frame[inFrame..].Clear();", ""),
            nameof(LeakTests.No_drained_image_has_bytes_of_a_freed_frame)),
        (new Mutant("the record of a page that is gone stays", "ImageSlack.cs",
            "            FrameHeader.Record(header, buddy).Clear();\n", ""),
            nameof(LeakTests.The_record_of_a_page_that_is_gone_leaves_with_no_image)),
        (new Mutant("an eviction is of whole chunks",
            new SourceEdit("EvictionBatch.cs", "EnsureRoom(record.Length);", "EnsureRoom(zpage.Length);"),
            new SourceEdit("EvictionBatch.cs", "ZpageTail.Read(zpage, tail, record.Length, _zpages.AsSpan(Bytes));",
                "zpage.CopyTo(_zpages.AsSpan(Bytes));"),
            new SourceEdit("EvictionBatch.cs", "Bytes += record.Length;", "Bytes += zpage.Length;")),
            nameof(LeakTests.No_eviction_has_bytes_of_a_freed_frame)),
    ];

    public static TheoryData<string> Names => [.. Canaries.Select(canary => canary.Mutant.Name)];

    [Fact]
    public void The_sources_as_they_are_survive()
    {
        foreach (string method in Canaries.Select(canary => canary.Method).Distinct(StringComparer.Ordinal))
        {
            Assert.False(Build.RunControl(Type, method).Killed, method);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_caught(string name)
    {
        (Mutant mutant, string method) = Canaries.Single(canary => canary.Mutant.Name == name);
        Assert.True(Build.Run(mutant, Type, method).Killed, name);
    }
}
