using RemoteSwap.Mutants;
using Xunit;

namespace RemoteSwap.Fuzz.Tests;

/// <summary>
/// A bug in production of each target's kind: the smoke budget finds it, and finds nothing without it.
/// </summary>
public sealed class CanaryTests
{
    private const string Probe = "RemoteSwap.Fuzz.Core.SmokeProbe";
    private const string Transmission = "nbd-transmission";
    private const string Handshake = "nbd-handshake";
    private const string Zpages = "zpages";
    private const string Wire = "wire";
    private const string Http2 = "http2";
    private const string Files = "files";
    private const string Texts = "texts";

    private static readonly (string Target, Mutant Mutant)[] Rows =
    [
        (Transmission, new("a write may reach beyond the export", "RequestRules.cs",
            "request.Length > _sizeBytes - request.Offset", "request.Length > _sizeBytes")),
        (Transmission, new("writes of a read-only export pass", "RequestRules.cs", "if (_isReadOnly", "if (false")),
        (Transmission, new("a refused write's bytes are taken for requests", "RequestLoop.cs",
            "int length = (int)_header.PayloadLength;",
            "int length = _check.IsSuccess ? (int)_header.PayloadLength : 0;")),
        (Handshake, new("an option's length is not bounded", "OptionData.cs",
            "length > NbdMagic.MaxStringBytes || length > _rest.Length", "length > NbdMagic.MaxStringBytes")),
        (Handshake, new("data that are too long are not skipped", "Handshake.cs",
            "await _stream.Input.DrainAsync(length).ConfigureAwait(false);", "")),
        (Zpages, new("an offset before the page is let through", "Lz4BlockFormat.cs",
            "offset == 0 || offset > produced", "offset == 0")),
        (Zpages, new("a short page is let through", "Lz4BlockFormat.cs",
            "return produced == PageSize.Bytes;", "return produced >= PageSize.Bytes - 1;")),
        (Wire, new("a length is not compared with what is there", "MessageReader.cs",
            "if (bytes > (ulong)Left)", "if (bytes > int.MaxValue)")),
        (Wire, new("more elements than there is room for are stored", "MessageReader.cs",
            "if ((uint)count < (uint)column.Length)", "if (count >= 0)")),
        (Wire, new("a number of several pieces loses its upper bits", "MessageReader.cs",
            "(ulong)(part & 0x7F) << (7 * index)", "(uint)(part & 0x7F) << (7 * index)")),
        (Http2, new("a message after a cut prefix keeps the length before it", "MessageAssembly.cs",
            "_length = ReadPrefix(_prefix);", "_length = _length == 0 ? ReadPrefix(_prefix) : _length;")),
        (Http2, new("a client's window is widened beyond its widest", "SendCredit.cs",
            "if (widened > Http2Wire.MostWindowBytes)", "if (widened < 0)")),
        (Http2, new("the end of a call wakes no writer", "SendCredit.cs", "_isOver = true;", "")),
        (Http2, new("a second stream's frames are taken for the first's", "FrameCheck.cs",
            "RequireStream(frame.Stream == Http2Wire.OnlyStream, \"a second stream\");", "")),
        (Http2, new("padding is a part of the request", "FrameIntake.cs",
            "payload.Slice(1, payload.Length - 1 - padding)", "payload.Slice(1)")),
        (Files, new("an image's checksum is not compared", "FrameImage.cs",
            "&& Checksum(frame, header, fields.Kind, drain) == checksum;", ";")),
        (Files, new("a place of an eviction file is handed out twice", "EvictionFile.cs",
            "_next = (uint)(groups * GroupPlaces);", "_next = 0;")),
        (Texts, new("a size is not bounded", "ByteSize.cs", "|| value * factor > MaxBytes", "")),
        (Texts, new("a run of slots may end before it begins", "SlotRun.cs", "|| to < from", "")),
    ];

    private static readonly Dictionary<string, (string Type, int Changed, Lazy<MutantBuild> Build)> s_targets =
        new(StringComparer.Ordinal)
        {
            [Transmission] = ("RemoteSwap.Fuzz.Nbd.TransmissionTarget", 4000, new(FuzzBuilds.Nbd)),
            [Handshake] = ("RemoteSwap.Fuzz.Nbd.HandshakeTarget", 4000, new(FuzzBuilds.Nbd)),
            [Zpages] = ("RemoteSwap.Fuzz.Codec.BlockTarget", 6000, new(FuzzBuilds.Codec)),
            [Wire] = ("RemoteSwap.Fuzz.Wire.WireTarget", 4000, new(FuzzBuilds.Wire)),
            [Http2] = ("RemoteSwap.Fuzz.Http2.Http2Target", 4000, new(FuzzBuilds.Http2)),
            [Files] = ("RemoteSwap.Fuzz.Files.FilesTarget", 300, new(FuzzBuilds.Files)),
            [Texts] = ("RemoteSwap.Fuzz.Values.TextTarget", 10_000, new(FuzzBuilds.Values)),
        };

    public static TheoryData<string> Names => [.. Rows.Select(row => row.Mutant.Name)];

    public static TheoryData<string> Targets => [.. s_targets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_smoke_budget_finds_a_bug(string name)
    {
        (string target, Mutant mutant) = Rows.Single(row => row.Mutant.Name == name);

        MutantOutcome outcome = s_targets[target].Build.Value.Run(mutant, Probe, "Run", Arguments(target));

        Assert.True(outcome.Killed, $"{target} passes although '{name}'");
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void It_finds_nothing_where_there_is_none(string target)
    {
        MutantOutcome outcome = s_targets[target].Build.Value.RunControl(Probe, "Run", Arguments(target));

        Assert.False(outcome.Killed, outcome.ToString());
    }

    private static object[] Arguments(string target) =>
        [s_targets[target].Type, SmokeTests.Corpus(target), s_targets[target].Changed, SmokeTests.Seed];
}
