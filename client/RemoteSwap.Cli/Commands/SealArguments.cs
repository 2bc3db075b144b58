using System.CommandLine;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands;

/// <summary>The options that seal pages, of a command that stores or loads them.</summary>
internal sealed class SealArguments
{
    private const string AsSealed = "sealed";
    private const string InTheClear = "clear";

    private readonly Option<string?> _key = new("--seal-key")
    {
        HelpName = "FILE",
        Description = "encrypt pages here with the key in FILE: 32 bytes, Base64 or hex; mode 600",
    };

    private readonly Option<string?> _command = new("--seal-command")
    {
        HelpName = "PROGRAM",
        Description = "instead: a program that wraps and unwraps the key",
    };

    private readonly Option<string?> _rings = new("--seal-rings")
    {
        HelpName = "FOLDER",
        Description = "where key rings are, a file an area  [the key's FILE.rings]",
    };

    private readonly Option<SealFill> _fill = ValueReader.Option<SealFill>(
        "--seal-fill",
        "HOW",
        "pages of one repeated word: sealed, or clear (no frame)  [sealed]",
        TryParseFill,
        $"{AsSealed} or {InTheClear}");

    /// <summary>Declares them.</summary>
    public SealArguments() => All = [_key, _command, _rings, _fill];

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All { get; }

    /// <summary>How pages are sealed; null: they are not.</summary>
    public SealOptions? Of(CommandRun run) => All.Any(run.IsGiven)
        ? new SealOptions
        {
            KeyFile = Full(run.Value(_key)),
            KeyCommand = run.Value(_command),
            RingFolder = Full(run.Value(_rings)),
            Fill = run.Value(_fill),
        }
        : null;

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    private static bool TryParseFill(string text, out SealFill fill)
    {
        fill = text == InTheClear ? SealFill.Clear : SealFill.Sealed;
        return text is AsSealed or InTheClear;
    }
}
