namespace RemoteSwap.Cli.App;

/// <summary>
/// A command can not do what it was asked: the exit code, and for the user what failed, which object, the value and
/// what to do. Never wraps a bug.
/// </summary>
internal sealed class CommandFailedException : Exception
{
    /// <summary>Creates one.</summary>
    /// <param name="exitCode">See <see cref="App.ExitCode"/>.</param>
    /// <param name="message">What failed, which object, the value, what to do.</param>
    /// <param name="innerException">What the system or the transport said, if it did.</param>
    public CommandFailedException(int exitCode, string message, Exception? innerException = null)
        : base(message, innerException) => ExitCode = exitCode;

    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; }

    /// <summary>The command line is wrong in a way that shows only when its parts are seen together.</summary>
    public static CommandFailedException Usage(string message) => new(App.ExitCode.Usage, message);

    /// <summary>The operation failed.</summary>
    public static CommandFailedException Failed(string message) => new(App.ExitCode.Failed, message);
}
