using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Codec.Tests;

/// <summary>
/// The guards are sharp: with a read or write out of bounds planted in the codec, the fuzz runs do not pass, they end
/// their process.
/// </summary>
public sealed class GuardCanaryTests
{
    private const string Namespace = "RemoteSwap.Codec.Tests.";
    private const string Probe = nameof(BlockFuzzProbe);
    private const int FuzzCases = 20_000;

    private const string NativeSource = "NativeLz4BlockCodec.cs";

    // The self-test finds such bugs too, before the guards can.
    private static readonly SourceEdit NoSelfTest =
        new(NativeSource, "fault = BlockCodecCheck.FindFault(created);", "fault = null;");

    private static readonly (Mutant Mutant, string Type, string Method, object?[] Arguments)[] Rows =
    [
        (new("a lane reads on at a block's end", "Lz4BlockBatch.cs",
            "BytesAfterLiterals = 8;", "BytesAfterLiterals = 1;"),
            Probe, nameof(BlockFuzzProbe.RunBatches), [FuzzCases]),
        (new("a lane reads a word where a byte is sure", "Lz4BlockBatch.cs",
            "read[1] & row->LiteralsMask", "(nuint)(byte)(*(ulong*)read >> 8) & row->LiteralsMask"),
            Probe, nameof(BlockFuzzProbe.RunBatches), [FuzzCases]),
        (new("the managed decoder has more room than the page", "K4osBlockCodec.cs",
            "LZ4Codec.Decode(block, page)",
            "LZ4Codec.Decode(block, System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref page[0], 4200))"),
            Probe, nameof(BlockFuzzProbe.Run), [FuzzCases]),
        (new("the native decoder has more room than the page",
            NoSelfTest,
            new(NativeSource, "_decompress(from, to, block.Length, page.Length)",
                "_decompress(from, to, block.Length, 4200)")),
            Probe, nameof(BlockFuzzProbe.Run), [FuzzCases]),
        (new("the native encoder has more room than the block",
            NoSelfTest,
            new(NativeSource, "_compress(from, to, page.Length, block.Length)",
                "_compress(from, to, page.Length, block.Length + 64)")),
            nameof(EncodeRoomTests), nameof(EncodeRoomTests.A_block_fits_its_room_or_is_not_written), [3]),
    ];

    public static TheoryData<string> Names => [.. Rows.Select(row => row.Mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Out_of_bounds_ends_the_process(string name)
    {
        Assert.SkipWhen(
            name.Contains("native", StringComparison.Ordinal) && BlockFuzzProbe.Codecs.Count == 1, "no liblz4");
        (Mutant mutant, string type, string method, object?[] arguments) =
            Array.Find(Rows, row => row.Mutant.Name == name);

        MutantOutcome outcome = CodecMutantBuild.Instance.Run(mutant, Namespace + type, method, arguments);

        Assert.True(outcome.HasEndedProcess, outcome.ToString());
    }

    [Fact]
    public void The_same_runs_live_without_a_bug() =>
        Assert.All(Rows, row =>
        {
            MutantOutcome outcome =
                CodecMutantBuild.Instance.RunControl(Namespace + row.Type, row.Method, row.Arguments);

            Assert.False(outcome.Killed, outcome.ToString());
        });
}
