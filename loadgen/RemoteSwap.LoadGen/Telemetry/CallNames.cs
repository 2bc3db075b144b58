namespace RemoteSwap.LoadGen.Telemetry;

/// <summary>What calls and their ends are called in metrics.</summary>
internal static class CallNames
{
    /// <summary>A store.</summary>
    public const string Store = "store";

    /// <summary>A load.</summary>
    public const string Load = "load";

    /// <summary>A message without effect.</summary>
    public const string Ping = "ping";

    /// <summary>The emptying of an area.</summary>
    public const string Invalidate = "invalidate";

    /// <summary>The call was answered and did what it was for.</summary>
    public const string Answered = "answered";

    /// <summary>The call was answered, and pages of it were refused or could not be read.</summary>
    public const string Refused = "refused";

    /// <summary>The call failed as a whole.</summary>
    public const string Failed = "failed";
}
