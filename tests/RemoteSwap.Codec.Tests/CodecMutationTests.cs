using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Codec.Tests;

/// <summary>Each check of the codec is there for a reason: a test fails when it is taken out.</summary>
public sealed class CodecMutationTests
{
    private const string Fuzz = nameof(BlockFuzzProbe) + "." + nameof(BlockFuzzProbe.Run);
    private const string Batches = nameof(BlockFuzzProbe) + "." + nameof(BlockFuzzProbe.RunBatches);
    private const int FuzzCases = 20_000;
    private const string Format = nameof(Lz4BlockFormatTests) + ".";
    private const string Checksum = nameof(PageChecksumTests) + ".";
    private const string Same = nameof(SameFilledPageTests) + ".";
    private const string Codec = nameof(PageCodecTests) + ".";
    private const string Blocks = nameof(BlockCodecTests) + ".";
    private const string All = nameof(CheckAllTests) + ".";
    private const string Room = nameof(EncodeRoomTests) + ".";

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
        (Blocks + nameof(BlockCodecTests.A_block_that_is_no_page_is_refused),
            new("the codec takes short pages", "K4osBlockCodec.cs",
                "LZ4Codec.Decode(block, page) == page.Length", "LZ4Codec.Decode(block, page) >= 0")),
        (Batches, new("a lane lets offset 0 through", "Lz4BlockBatch.cs",
            "matchOffset - 1 >= produced", "matchOffset > produced")),
        (Batches, new("a lane lets an offset beyond the start through", "Lz4BlockBatch.cs",
            "matchOffset - 1 >= produced", "matchOffset == 0")),
        (Batches, new("a lane takes the first byte of a long length for all of it", "Lz4BlockBatch.cs",
            "(uint)moreLiterals + moreMatch >= byte.MaxValue", "moreMatch > byte.MaxValue")),
        (Batches, new("a match in a lane may end too late", "Lz4BlockBatch.cs",
            "Produced <= MaxMatchEnd", "Produced <= PageSize.Bytes")),
        (Batches, new("a match in a lane may start too late", "Lz4BlockBatch.cs",
            "MaxMatchStart = PageSize.Bytes - 12", "MaxMatchStart = PageSize.Bytes")),
        (Batches, new("a lane counts the byte of more literals", "Lz4TokenRow.cs",
            "match + MinMatchBytes - 1 - moreLiterals", "match + MinMatchBytes - 1")),
        (Batches, new("a batch names the last malformed block", "Lz4BlockBatch.cs",
            "Math.Min(first, lane.Index)", "lane.Index")),
        (All + nameof(CheckAllTests.It_finds_the_first_fault_that_single_checks_find),
            new("a batch's checksums are not compared", "PageCodec.cs",
                "PageChecksum.OfZpage(zpage) != zpageChecksum", "PageChecksum.OfZpage(zpage) == 0")),
        (Room + nameof(EncodeRoomTests.A_block_fits_its_room_or_is_not_written),
            new("a failed encode is given on", "K4osBlockCodec.cs", "Math.Max(0, ", "Math.Max(-1, ")),
        (Checksum + nameof(PageChecksumTests.It_agrees_with_a_bitwise_CRC32_at_every_length_and_reads_nothing_else),
            new("vectors are folded over one bit too few", "FoldedCrc32.cs",
                "Remainder(bits - 32)", "Remainder(bits - 33)")),
        (Checksum + nameof(PageChecksumTests.It_agrees_with_a_bitwise_CRC32_at_every_length_and_reads_nothing_else),
            new("vectors between the last step and the tail are left out", "FoldedCrc32.cs",
                "for (; next < vectors; next++)", "for (; next < vectors - 1; next++)")),
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
            nameof(BlockFuzzProbe.Run) or nameof(BlockFuzzProbe.RunBatches) => [FuzzCases],
            nameof(BlockCodecTests.A_block_that_is_no_page_is_refused) => [4095],
            nameof(EncodeRoomTests.A_block_fits_its_room_or_is_not_written) => [3],
            nameof(PageCodecTests.A_wrong_encoding_or_length_is_refused) => [(byte)3, 9, 2],
            _ => [],
        };
        string type = $"RemoteSwap.Codec.Tests.{parts[0]}";
        return mutant is null
            ? CodecMutantBuild.Instance.RunControl(type, parts[1], arguments)
            : CodecMutantBuild.Instance.Run(mutant, type, parts[1], arguments);
    }
}
