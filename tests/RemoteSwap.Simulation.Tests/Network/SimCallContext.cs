using Grpc.Core;

namespace RemoteSwap.Simulation.Network;

/// <summary>The server's side of a call that is no stream.</summary>
internal sealed class SimCallContext : ServerCallContext
{
    /// <inheritdoc/>
    protected override string MethodCore => string.Empty;

    /// <inheritdoc/>
    protected override string HostCore => string.Empty;

    /// <inheritdoc/>
    protected override string PeerCore => string.Empty;

    /// <inheritdoc/>
    protected override DateTime DeadlineCore => DateTime.MaxValue;

    /// <inheritdoc/>
    protected override Metadata RequestHeadersCore { get; } = [];

    /// <inheritdoc/>
    protected override CancellationToken CancellationTokenCore => CancellationToken.None;

    /// <inheritdoc/>
    protected override Metadata ResponseTrailersCore { get; } = [];

    /// <inheritdoc/>
    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    /// <inheritdoc/>
    protected override WriteOptions? WriteOptionsCore { get; set; }

    /// <inheritdoc/>
    protected override AuthContext AuthContextCore => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
