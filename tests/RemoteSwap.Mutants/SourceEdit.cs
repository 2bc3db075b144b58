namespace RemoteSwap.Mutants;

/// <summary>One change of one source file.</summary>
/// <param name="FileName">The file's name without folder; it names exactly one of the sources.</param>
/// <param name="Find">The exact text to replace; it occurs exactly once in the file.</param>
/// <param name="Replacement">What stands there instead.</param>
public sealed record SourceEdit(string FileName, string Find, string Replacement);
