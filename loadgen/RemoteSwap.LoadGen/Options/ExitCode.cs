namespace RemoteSwap.LoadGen.Options;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>All went well and every page that was compared came back right.</summary>
    public const int Ok = 0;

    /// <summary>A call failed, or pages were refused although that was not asked for.</summary>
    public const int Failed = 1;

    /// <summary>A page came back wrong or was lost.</summary>
    public const int WrongPage = 3;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>The server cannot be reached.</summary>
    public const int Unavailable = 69;

    /// <summary>A source may not be read.</summary>
    public const int Permission = 77;

    /// <summary>Ended by Ctrl-C without a summary: a second one, or before there was anything to sum up.</summary>
    public const int Interrupted = 130;
}
