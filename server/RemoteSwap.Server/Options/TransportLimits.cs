using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RemoteSwap.Server.Options;

/// <summary>What a connection may cost, as values; <see cref="TransportSection"/> explains each.</summary>
internal sealed record TransportLimits
{
    public required int MaxStreams { get; init; }

    public required TimeSpan HeadersTimeout { get; init; }

    public required int MaxHeaderBytes { get; init; }

    /// <summary>Null: connections are not asked.</summary>
    public required TimeSpan? PingDelay { get; init; }

    public required TimeSpan PingTimeout { get; init; }

    /// <summary>Puts them in force.</summary>
    public void Apply(KestrelServerLimits limits)
    {
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeaderBytes;
        limits.Http2.MaxStreamsPerConnection = MaxStreams;
        limits.Http2.KeepAlivePingDelay = PingDelay ?? TimeSpan.MaxValue;
        limits.Http2.KeepAlivePingTimeout = PingTimeout;
    }
}
