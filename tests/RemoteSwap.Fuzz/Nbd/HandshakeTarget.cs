using RemoteSwap.Fuzz.Core;
using RemoteSwap.Nbd;

namespace RemoteSwap.Fuzz.Nbd;

/// <summary>NBD handshake: the first byte chooses the export's options, the second how the bytes are cut.</summary>
internal sealed class HandshakeTarget : IFuzzTarget
{
    private const int Named = 1;
    private const int ReadOnly = 2;

    public string Name => "nbd-handshake";

    public IEnumerable<(string Name, byte[] Input)> Seeds()
    {
        byte[] all =
        [
            .. NbdBytes.U32(3), .. NbdBytes.Option(3, []), .. NbdBytes.Option(8, []),
            .. NbdBytes.Option(9, NbdBytes.Contexts("", "base:")),
            .. NbdBytes.Option(10, NbdBytes.Contexts("", "base:allocation")),
            .. NbdBytes.Option(6, NbdBytes.Info("", 3)), .. NbdBytes.Option(5, []), .. NbdBytes.Option(99, [1, 2]),
            .. NbdBytes.Option(7, NbdBytes.Info("", 1, 2, 3)), .. NbdBytes.Request(7, 0, 4096),
            .. NbdBytes.Request(0, 0, 512), .. NbdBytes.Request(2, 0, 0),
        ];
        yield return ("all", [0, 0, .. all]);
        yield return ("all-pieces", [Named, 5, .. all]);
        yield return ("old-way", [0, 0, .. NbdBytes.U32(1), .. NbdBytes.Option(1, []), .. NbdBytes.Request(0, 0, 512)]);
        yield return ("named", [Named | ReadOnly, 0, .. NbdBytes.U32(3), .. NbdBytes.Option(7, NbdBytes.Info("swap"))]);
        yield return ("abort", [0, 0, .. NbdBytes.U32(3), .. NbdBytes.Option(2, [])]);
        yield return ("unknown-export",
            [Named, 0, .. NbdBytes.U32(3), .. NbdBytes.Option(7, NbdBytes.Info("other")), .. NbdBytes.Option(2, [])]);
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }

        bool isNamed = (input[0] & Named) != 0;
        NbdServerOptions options = new()
        {
            ExportName = isNamed ? "swap" : "",
            Description = isNamed ? "a disk" : "",
            ReadOnly = (input[0] & ReadOnly) != 0,
        };
        byte[] script = input[2..].ToArray();
        FlatDisk disk = new();
        byte[] sent = NbdSession.Serve(disk, options, script, input[1]);
        new HandshakeJudge(options).Judge(script, sent, disk);
    }
}
