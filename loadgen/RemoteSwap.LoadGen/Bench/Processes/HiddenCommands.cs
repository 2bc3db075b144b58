namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>Commands that the program gives to itself and that no help names.</summary>
internal static class HiddenCommands
{
    /// <summary>The server process of a benchmark.</summary>
    public const string Server = "bench-server";

    /// <summary>A client process of a benchmark.</summary>
    public const string Worker = "bench-worker";

    /// <summary>The server process of a chaos run.</summary>
    public const string ChaosServer = "chaos-server";
}
