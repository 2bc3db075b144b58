namespace RemoteSwap.Server.Options;

/// <summary>The settings are wrong; the server does not start.</summary>
public sealed class SettingsException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errors">Everything that is wrong.</param>
    public SettingsException(IReadOnlyList<string> errors)
        : base($"wrong settings:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", errors)}") =>
        Errors = errors;

    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<string> Errors { get; }
}
