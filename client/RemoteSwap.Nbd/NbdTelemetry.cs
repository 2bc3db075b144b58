namespace RemoteSwap.Nbd;

/// <summary>
/// The names under which the server measures and traces, for whoever exports. While nobody listens to them nothing is
/// measured or made.
/// </summary>
public static class NbdTelemetry
{
    /// <summary>The meter.</summary>
    public const string MeterName = "RemoteSwap.Nbd";

    /// <summary>
    /// The source of spans: one a request, which is the current one while the device begins its work.
    /// </summary>
    public const string SourceName = "RemoteSwap.Nbd";
}
