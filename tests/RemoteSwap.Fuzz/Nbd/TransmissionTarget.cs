using RemoteSwap.Fuzz.Core;
using RemoteSwap.Nbd;

namespace RemoteSwap.Fuzz.Nbd;

/// <summary>
/// NBD transmission: the first byte says what was agreed on before, the second how the bytes are cut, the rest is what
/// a client sends after an orderly handshake.
/// </summary>
internal sealed class TransmissionTarget : IFuzzTarget
{
    private const int Structured = 1;
    private const int Context = 2;
    private const int ReadOnly = 4;
    private const int SmallUnit = 8;

    public string Name => "nbd-transmission";

    public IEnumerable<(string Name, byte[] Input)> Seeds()
    {
        byte[] requests =
        [
            .. NbdBytes.Request(1, 0, 512), .. NbdBytes.Noise(512), .. NbdBytes.Request(0, 0, 4096),
            .. NbdBytes.Request(3, 0, 0), .. NbdBytes.Request(6, 0, 512), .. NbdBytes.Request(0, 0, 1024),
            .. NbdBytes.Request(4, 0, 4096), .. NbdBytes.Request(7, 0, 16384), .. NbdBytes.Request(5, 4096, 4096),
            .. NbdBytes.Request(2, 0, 0),
        ];
        byte[] refused =
        [
            .. NbdBytes.Request(1, FlatDisk.Bytes, 512), .. NbdBytes.Noise(512), .. NbdBytes.Request(0, 1, 7),
            .. NbdBytes.Request(9, 0, 512), .. NbdBytes.Request(0, 0, 64 << 10, flags: 4),
            .. NbdBytes.Request(7, 4096, 4096, flags: 8), .. NbdBytes.Request(0, 0, 512),
        ];
        yield return ("simple", [0, 0, .. requests]);
        yield return ("structured", [Structured | Context, 0, .. requests]);
        yield return ("structured-pieces", [Structured | Context | SmallUnit, 13, .. requests]);
        yield return ("read-only", [ReadOnly | Structured, 1, .. requests]);
        yield return ("refused", [Structured, 0, .. refused]);
        yield return ("refused-simple", [SmallUnit, 200, .. refused]);
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }

        int mode = input[0];
        bool isStructured = (mode & Structured) != 0;
        bool hasContext = isStructured && (mode & Context) != 0;
        byte[] handshake =
        [
            .. NbdBytes.U32(3),
            .. isStructured ? NbdBytes.Option(8, []) : [],
            .. hasContext ? NbdBytes.Option(10, NbdBytes.Contexts("", "base:allocation")) : [],
            .. NbdBytes.Option(1, []),
        ];
        NbdServerOptions options = new()
        {
            ReadOnly = (mode & ReadOnly) != 0,
            MinBlockBytes = (mode & SmallUnit) != 0 ? 1 : 512,
        };
        FlatDisk disk = new();
        ReadOnlySpan<byte> requests = input[2..];
        byte[] sent = NbdSession.Serve(disk, options, [.. handshake, .. requests], input[1]);

        // The greeting, the replies to the options, and size and flags.
        int before = 18 + (isStructured ? 20 : 0) + (hasContext ? 20 + 4 + "base:allocation".Length + 20 : 0) + 10;
        FindingException.Unless(sent.Length >= before, "the handshake is not answered");
        TransmissionJudge judge = new(isStructured, hasContext, options.ReadOnly, (uint)options.MinBlockBytes);
        judge.Judge(requests, sent.AsSpan(before), disk.Content);
    }
}
