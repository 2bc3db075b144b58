namespace RemoteSwap.Cli.Commands;

/// <summary>What the help says of a command beside its arguments and options.</summary>
/// <param name="Path">The words that call it, such as <c>tenants enable</c>.</param>
/// <param name="Group">Its heading.</param>
/// <param name="Summary">What it does, in at most 44 characters without a full stop.</param>
/// <param name="Example">One call that is worth copying, in at most 56 characters.</param>
internal sealed record CommandText(string Path, CommandGroup Group, string Summary, string Example)
{
    /// <summary>More to know, a line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>More calls that are worth copying, of any length that fits a line.</summary>
    public IReadOnlyList<string> MoreExamples { get; init; } = [];

    /// <summary>What exit codes mean here.</summary>
    public string ExitCodes { get; init; } = "0 ok, 1 failed, 64 usage, 69 server unavailable, 77 not permitted";

    /// <summary>The last word of <see cref="Path"/>.</summary>
    public string Name => Path[(Path.LastIndexOf(' ') + 1)..];
}
