using System.Globalization;

namespace RemoteSwap.LoadGen.Options;

/// <summary>
/// One <c>--source</c> as given: <c>files</c>, <c>files:DIR</c>, <c>self</c>, <c>pid:N</c>, <c>synthetic:R</c>.
/// </summary>
/// <param name="Kind">Where pages come from.</param>
/// <param name="Directory">For files: the directory; null: the installed .NET runtime and the system's text.</param>
/// <param name="ProcessId">For a process: its id.</param>
/// <param name="Ratio">For synthetic pages: raw bytes per compressed byte, 1 to 100.</param>
internal sealed record SourceSpec(SourceKind Kind, string? Directory = null, int ProcessId = 0, double Ratio = 0)
{
    /// <summary>What a source may look like, for messages.</summary>
    public const string Allowed =
        "files, files:DIR, self, pid:N, or synthetic:RATIO with RATIO from 1 (incompressible) to 100";

    private const double MaxRatio = 100;

    /// <summary>Reads a source; false if the text is none.</summary>
    public static bool TryParse(string text, out SourceSpec? spec)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? text : text[..colon];
        string? argument = colon < 0 ? null : text[(colon + 1)..];
        spec = (name, argument) switch
        {
            ("files", null) => new SourceSpec(SourceKind.Files),
            ("files", { Length: > 0 }) => new SourceSpec(SourceKind.Files, Directory: argument),
            ("self", null) => new SourceSpec(SourceKind.Self),
            ("pid", not null) when TryParseProcessId(argument, out int id) =>
                new SourceSpec(SourceKind.Process, ProcessId: id),
            ("synthetic", not null) when TryParseRatio(argument, out double ratio) =>
                new SourceSpec(SourceKind.Synthetic, Ratio: ratio),
            _ => null,
        };
        return spec is not null;
    }

    /// <summary>The source as a user writes it.</summary>
    public override string ToString() => Kind switch
    {
        SourceKind.Files => Directory is null ? "files" : $"files:{Directory}",
        SourceKind.Self => "self",
        SourceKind.Process => string.Create(CultureInfo.InvariantCulture, $"pid:{ProcessId}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"synthetic:{Ratio:0.##}"),
    };

    private static bool TryParseProcessId(string text, out int id) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id > 0;

    private static bool TryParseRatio(string text, out double ratio) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out ratio)
        && ratio is >= 1 and <= MaxRatio;
}
