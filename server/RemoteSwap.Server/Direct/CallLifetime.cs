using Microsoft.AspNetCore.Http.Features;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>Ends a call from within, and tells it of its end from without.</summary>
/// <param name="stream">The call's stream.</param>
/// <param name="aborted">Its end.</param>
internal sealed class CallLifetime(DirectStream stream, CancellationToken aborted)
    : IHttpRequestLifetimeFeature, IHttpResetFeature
{
    /// <inheritdoc/>
    public CancellationToken RequestAborted { get; set; } = aborted;

    /// <inheritdoc/>
    public void Abort() => stream.Reset(Http2Error.Internal);

    /// <inheritdoc/>
    public void Reset(int errorCode) => stream.Reset((Http2Error)errorCode);
}
