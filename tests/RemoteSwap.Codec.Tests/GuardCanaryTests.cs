using System.Diagnostics;
using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Codec.Tests;

/// <summary>
/// The guards are sharp: with a read or write out of bounds planted in the codec, the fuzz runs do not pass, they end
/// their process. So they run in a process of their own here, this test's assembly once more.
/// </summary>
public sealed class GuardCanaryTests
{
    private const string Variable = "REMOTESWAP_TESTS_PLANTED";
    private const string NoBug = "none";
    private const string Probe = nameof(BlockFuzzProbe);
    private const int FuzzCases = 20_000;

    private const string NativeSource = "NativeLz4BlockCodec.cs";

    // The self-test finds such bugs too, before the guards can.
    private static readonly SourceEdit NoSelfTest =
        new(NativeSource, "fault = BlockCodecCheck.FindFault(created);", "fault = null;");

    // More than it takes by far; only a process that hangs needs it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

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
    public async Task Out_of_bounds_ends_the_process(string name)
    {
        Assert.SkipWhen(
            name.Contains("native", StringComparison.Ordinal) && BlockFuzzProbe.Codecs.Count == 1, "no liblz4");

        (int exitCode, string output) = await RunChildAsync(name);

        Assert.True(exitCode != 0 && !output.Contains("Total:", StringComparison.Ordinal), $"{exitCode}: {output}");
    }

    [Fact]
    public async Task The_same_process_lives_without_a_bug()
    {
        (int exitCode, string output) = await RunChildAsync(NoBug);

        Assert.True(exitCode == 0 && output.Contains("Total: 1,", StringComparison.Ordinal), $"{exitCode}: {output}");
    }

    /// <summary>What the other process runs with a bug; here it runs without one.</summary>
    [Fact]
    public void Child()
    {
        string name = Environment.GetEnvironmentVariable(Variable) ?? NoBug;
        foreach ((Mutant mutant, string type, string method, object?[] arguments) in Rows)
        {
            if (name == NoBug || name == mutant.Name)
            {
                string typeName = $"RemoteSwap.Codec.Tests.{type}";
                MutantOutcome outcome = name == NoBug
                    ? CodecMutantBuild.Instance.RunControl(typeName, method, arguments)
                    : CodecMutantBuild.Instance.Run(mutant, typeName, method, arguments);
                Assert.False(outcome.Killed, outcome.ToString());
            }
        }
    }

    private static async Task<(int ExitCode, string Output)> RunChildAsync(string name)
    {
        string assembly = typeof(GuardCanaryTests).Assembly.Location;
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(assembly),
            Environment = { [Variable] = name, ["DOTNET_DbgEnableMiniDump"] = "0" },
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(assembly);
        }

        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(GuardCanaryTests).FullName}.{nameof(Child)}");
        using Process child = Process.Start(start)!;
        using CancellationTokenSource patience = new(Patience);
        try
        {
            Task<string> errors = child.StandardError.ReadToEndAsync(patience.Token);
            string output = await child.StandardOutput.ReadToEndAsync(patience.Token) + await errors;
            await child.WaitForExitAsync(patience.Token);
            return (child.ExitCode, output);
        }
        finally
        {
            if (!child.HasExited)
            {
                child.Kill();
            }
        }
    }
}
