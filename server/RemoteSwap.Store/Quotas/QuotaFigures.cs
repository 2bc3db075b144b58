namespace RemoteSwap.Store;

/// <summary>What a tenant has of what quotas bound, and what they have cost it since the start.</summary>
/// <param name="Quotas">The bounds.</param>
/// <param name="Streams">Streams now.</param>
/// <param name="InFlightBytes">Bytes under way now.</param>
/// <param name="AreasRefused">Attaches refused.</param>
/// <param name="StreamsRefused">Requests refused for the stream on which they came.</param>
/// <param name="InFlightRefused">Calls refused for bytes under way.</param>
/// <param name="CallsRefused">Calls refused because they came too fast.</param>
/// <param name="BytesRefused">Calls refused because their bytes came too fast.</param>
/// <param name="Pauses">Calls whose answers were held back.</param>
/// <param name="Paused">For how long, in all.</param>
public sealed record QuotaFigures(
    TenantQuotas Quotas,
    long Streams,
    long InFlightBytes,
    long AreasRefused,
    long StreamsRefused,
    long InFlightRefused,
    long CallsRefused,
    long BytesRefused,
    long Pauses,
    TimeSpan Paused);
