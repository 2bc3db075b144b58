namespace RemoteSwap.Cli.Commands.Doctor;

/// <summary>One check.</summary>
/// <param name="Name">What was looked at; never changes, scripts look for it.</param>
/// <param name="State">How it ended.</param>
/// <param name="Found">What was found, with the value.</param>
/// <param name="Change">What to change; null: nothing.</param>
internal sealed record CheckResult(string Name, CheckState State, string Found, string? Change)
{
    /// <summary>As it should be.</summary>
    public static CheckResult Ok(string name, string found) => new(name, CheckState.Ok, found, Change: null);

    /// <summary>Works, but will be regretted.</summary>
    public static CheckResult Warn(string name, string found, string change) =>
        new(name, CheckState.Warn, found, change);

    /// <summary>Does not work.</summary>
    public static CheckResult Fail(string name, string found, string change) =>
        new(name, CheckState.Fail, found, change);
}
