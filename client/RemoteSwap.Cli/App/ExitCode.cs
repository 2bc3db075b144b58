namespace RemoteSwap.Cli.App;

/// <summary>What the process tells its caller. Part of the command line's contract: a number never changes.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Ok = 0;

    /// <summary>The operation failed or was refused.</summary>
    public const int Failed = 1;

    /// <summary>What was asked is not so: a check failed.</summary>
    public const int ConditionFalse = 2;

    /// <summary>A page did not verify.</summary>
    public const int VerificationFailed = 3;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>The server does not answer.</summary>
    public const int Unavailable = 69;

    /// <summary>The server, or the system, does not let us.</summary>
    public const int Permission = 77;

    /// <summary>Ended by Ctrl-C before it was done.</summary>
    public const int Interrupted = 130;
}
