namespace RemoteSwap.LoadGen.Run;

/// <summary>A run can not begin; the message says what failed, for which object, and what to do.</summary>
internal sealed class RunFailedException : Exception
{
    /// <summary>Creates one.</summary>
    /// <param name="exitCode">Exit code of the process.</param>
    /// <param name="message">For the user.</param>
    /// <param name="innerException">What caused it.</param>
    public RunFailedException(int exitCode, string message, Exception? innerException = null)
        : base(message, innerException) => ExitCode = exitCode;

    /// <summary>Exit code of the process.</summary>
    public int ExitCode { get; }
}
