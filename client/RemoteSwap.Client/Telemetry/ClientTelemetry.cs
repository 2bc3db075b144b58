namespace RemoteSwap.Client;

/// <summary>
/// The names under which this library measures and traces, for whoever exports. While nobody listens to them nothing is
/// measured, made or sent.
/// </summary>
public static class ClientTelemetry
{
    /// <summary>The meter; one measurement a request to the server, never one a page.</summary>
    public const string MeterName = "RemoteSwap.Client";

    /// <summary>
    /// The source of spans: one a request to the server, of the kind client. Its context goes to the server along with
    /// the request where the span is recorded.
    /// </summary>
    public const string SourceName = "RemoteSwap.Client";
}
