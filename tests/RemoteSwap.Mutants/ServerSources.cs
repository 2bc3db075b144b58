namespace RemoteSwap.Mutants;

/// <summary>
/// What of the server its calls and streams are made of, without the web server around them: for builds that drive them
/// by themselves. One list: whatever a call comes to need is added here.
/// </summary>
public static class ServerSources
{
    /// <summary>The calls, the store below them, and what they count.</summary>
    public static IReadOnlyList<string> Calls { get; } =
    [
        "protos/RemoteSwap.Codec",
        "server/RemoteSwap.Pool",
        "server/RemoteSwap.Store",
        "server/RemoteSwap.Server/Access",
        "server/RemoteSwap.Server/Grpc/Calls",
        "server/RemoteSwap.Server/Grpc/Exchange",
        "server/RemoteSwap.Server/Grpc/Flow",
        "server/RemoteSwap.Server/Grpc/CallRefusal.cs",
        "server/RemoteSwap.Server/Grpc/MergedRanges.cs",
        "server/RemoteSwap.Server/Grpc/MessageFault.cs",
        "server/RemoteSwap.Server/Grpc/OutcomeTable.cs",
        "server/RemoteSwap.Server/Grpc/QuotaWords.cs",
        "server/RemoteSwap.Server/Grpc/RequestCheck.cs",
        "server/RemoteSwap.Server/Options/TenantTag.cs",
        "server/RemoteSwap.Server/Telemetry/Buckets.cs",
        "server/RemoteSwap.Server/Telemetry/CallTiming.cs",
        "server/RemoteSwap.Server/Telemetry/OperationMeter.cs",
        "server/RemoteSwap.Server/Telemetry/OutcomeCells.cs",
        "server/RemoteSwap.Server/Telemetry/OutcomeNames.cs",
        "server/RemoteSwap.Server/Telemetry/OutcomeTally.cs",
        "server/RemoteSwap.Server/Telemetry/RefusedMessages.cs",
        "server/RemoteSwap.Server/Telemetry/RequestSpans.cs",
        "server/RemoteSwap.Server/Telemetry/ServerMeter.cs",
        "server/RemoteSwap.Server/Telemetry/SpanParent.cs",
        "server/RemoteSwap.Server/Telemetry/StreamFigures.cs",
        "server/RemoteSwap.Server/Telemetry/TenantLabels.cs",
        "server/RemoteSwap.Server/Transport/Poller.cs",
        "server/RemoteSwap.Server/Transport/PollerTurn.cs",
    ];
}
