using RemoteSwap.Fuzz.Core;

namespace RemoteSwap.Fuzz.Files;

/// <summary>
/// What servers and devices find when they start: the first byte says which files, the second how they are damaged, the
/// rest is a script of damages or, for the last kinds, a whole file.
/// </summary>
internal sealed class FilesTarget : IFuzzTarget
{
    private const int Kinds = 5;

    public string Name => "files";

    public IEnumerable<(string Name, byte[] Input)> Seeds()
    {
        byte[] flip = FileEdits.Script(0, 70, 1);
        byte[] number = FileEdits.Script(1, 40, 0xFFFF_FFFF);
        byte[] copy = FileEdits.Script(2, 64, 0);
        byte[] cut = FileEdits.Script(4, 30_000, 0);
        for (byte kind = 0; kind < 3; kind++)
        {
            for (byte mode = 0; mode < 8; mode++)
            {
                yield return ($"kind-{kind}-mode-{mode}", [kind, mode, .. flip, .. number, .. copy]);
            }

            yield return ($"kind-{kind}-whole", [kind, 3]);
            yield return ($"kind-{kind}-cut", [kind, 0, .. cut]);
        }

        yield return ("areas", [3, 0, .. LeftFiles.Drained.Areas]);

        // A record of a kind that there is not, as a later version may write it.
        yield return ("areas-unknown", [3, 0, .. "RemoteSwap areas 1\n"u8, 1, 0, 0, 0, 0, 0, 0, 0, 9]);
        yield return ("manifest", [4, 0, .. LeftFiles.Drained.Manifest[..^9]]);
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }

        ReadOnlySpan<byte> rest = input[2..];
        int mode = input[1];
        switch (input[0] % Kinds)
        {
            case 0:
                DrainedCase.Run(mode, rest);
                break;
            case 1:
                SpillCase.Run(mode, rest);
                break;
            case 2:
                EvictionCase.Run(mode, rest);
                break;
            case 3:
                byte[] areas = BookSums.Anew(rest.ToArray());
                DrainedCase.Start(LeftFiles.Drained.Images, LeftFiles.Drained.Manifest, areas, isForged: true);
                break;
            default:
                DrainedCase.Start(
                    LeftFiles.Drained.Images, DrainedCase.Manifest(rest), LeftFiles.Drained.Areas, isForged: true);
                break;
        }
    }
}
