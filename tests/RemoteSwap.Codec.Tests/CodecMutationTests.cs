using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Codec.Tests;

/// <summary>Each check of the codec is there for a reason: a test fails when it is taken out.</summary>
public sealed class CodecMutationTests
{
    private const string Fuzz = nameof(BlockFuzzProbe) + "." + nameof(BlockFuzzProbe.Run);
    private const int FuzzCases = 5000;
    private const string Format = nameof(Lz4BlockFormatTests) + ".";
    private const string Checksum = nameof(PageChecksumTests) + ".";
    private const string Same = nameof(SameFilledPageTests) + ".";
    private const string Codec = nameof(PageCodecTests) + ".";

    private static readonly MutantBuild Build = new(
        ["protos/RemoteSwap.Codec"],
        [
            .. Directory.EnumerateFiles(RepositoryRoot.Combine("tests/RemoteSwap.Codec.Tests"), "*.cs")
                .Select(Path.GetFileName)
                .Where(name => name != $"{nameof(CodecMutationTests)}.cs")
                .Select(name => $"tests/RemoteSwap.Codec.Tests/{name}"),
        ]);

    private static readonly (string Test, Mutant Mutant)[] Rows =
    [
        (Format + nameof(Lz4BlockFormatTests.An_offset_of_zero_is_rejected),
            new("offset 0 is let through", "Lz4BlockFormat.cs",
                "offset == 0 || offset > produced", "offset > produced")),
        (Fuzz, new("offset beyond the start is let through", "Lz4BlockFormat.cs",
            "offset == 0 || offset > produced", "offset == 0")),
        (Fuzz, new("last literals are not required", "Lz4BlockFormat.cs",
            "produced > PageSize.Bytes - LastLiterals", "produced > PageSize.Bytes")),
        (Format + nameof(Lz4BlockFormatTests.A_last_match_that_starts_too_late_is_rejected),
            new("late matches are let through", "Lz4BlockFormat.cs",
                "produced > PageSize.Bytes - MatchFindLimit", "produced > PageSize.Bytes")),
        (Fuzz, new("a short page is let through", "Lz4BlockFormat.cs",
            "return produced == PageSize.Bytes;", "return produced >= PageSize.Bytes - 1;")),
        (Format + nameof(Lz4BlockFormatTests.A_block_with_every_limit_just_kept_is_accepted),
            new("one literal too many is required", "Lz4BlockFormat.cs",
                "LastLiterals = 5;", "LastLiterals = 6;")),
        (Fuzz, new("lengths of 15 are not extended", "Lz4BlockFormat.cs",
            "ExtendedLength = 15;", "ExtendedLength = 16;")),
        (Fuzz, new("the codec does not look at the decoded length", "K4osBlockCodec.cs",
            "LZ4Codec.Decode(block, page) == page.Length", "LZ4Codec.Decode(block, page) == page.Length - 1")),
        (Checksum + nameof(PageChecksumTests.Another_area_slot_or_generation_changes_it),
            new("the generation is not bound", "PageChecksum.cs",
                "BinaryPrimitives.WriteUInt64LittleEndian(identity[12..], generation);", "_ = generation;")),
        (Checksum + nameof(PageChecksumTests.Another_area_slot_or_generation_changes_it),
            new("area and slot may be exchanged", "PageChecksum.cs",
                "WriteUInt64LittleEndian(identity[4..], slot)", "WriteUInt64LittleEndian(identity, slot + area)")),
        (Same + nameof(SameFilledPageTests.A_difference_in_any_byte_is_seen),
            new("only three words are compared", "SameFilledPage.cs",
                "words.IndexOfAnyExcept(word) < 0", "word == words[1]")),
        (Codec + nameof(PageCodecTests.Every_length_of_noise_comes_back_as_it_was_in_a_size_that_suits_a_frame),
            new("a block may take the whole frame", "ZpageLimits.cs",
                "MaxCompressedBytes = 3968;", "MaxCompressedBytes = 4096;")),
        (Codec + nameof(PageCodecTests.A_flipped_bit_anywhere_is_refused),
            new("the checksum of the zpage is not compared", "PageCodec.cs",
                "PageChecksum.OfZpage(zpage) != zpageChecksum", "PageChecksum.OfZpage(zpage) == 0")),
        (Codec + nameof(PageCodecTests.A_wrong_encoding_or_length_is_refused),
            new("a fill word may have any length", "PageCodec.cs",
                "bytes == ZpageLimits.FillBytes ?", "bytes >= ZpageLimits.FillBytes ?")),
    ];

    public static TheoryData<string> Names => [.. Rows.Select(row => row.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_test_fails_when_the_check_is_taken_out(string name)
    {
        (string test, Mutant mutant) = Rows.Single(row => row.Mutant.Name == name);

        MutantOutcome outcome = Run(test, mutant);

        Assert.True(outcome.Killed, $"{test} passes although '{name}'");
    }

    [Fact]
    public void The_same_tests_pass_on_the_unchanged_codec() =>
        Assert.All(Rows.Select(row => row.Test).Distinct(StringComparer.Ordinal), test =>
        {
            MutantOutcome outcome = Run(test, mutant: null);

            Assert.False(outcome.Killed, outcome.ToString());
        });

    private static MutantOutcome Run(string test, Mutant? mutant)
    {
        string[] parts = test.Split('.');
        object?[] arguments = parts[1] switch
        {
            nameof(BlockFuzzProbe.Run) => [FuzzCases],
            nameof(PageCodecTests.A_wrong_encoding_or_length_is_refused) => [(byte)3, 9, 2],
            _ => [],
        };
        string type = $"RemoteSwap.Codec.Tests.{parts[0]}";
        return mutant is null
            ? Build.RunControl(type, parts[1], arguments)
            : Build.Run(mutant, type, parts[1], arguments);
    }
}
