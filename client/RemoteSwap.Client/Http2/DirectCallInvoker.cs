using Grpc.Core;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// Makes duplex calls over direct streams, each with a connection of its own. Calls of other kinds go over a general
/// client: there one connection for all is better.
/// </summary>
/// <param name="line">How to get to the server.</param>
internal sealed class DirectCallInvoker(DirectLine line) : CallInvoker
{
    /// <inheritdoc/>
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        DirectCall<TRequest, TResponse> call = new(line, method, options.CancellationToken);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            call,
            call,
            static _ => Task.FromResult(Metadata.Empty),
            static state => ((DirectCall<TRequest, TResponse>)state).Status,
            static _ => Metadata.Empty,
            static state => ((DirectCall<TRequest, TResponse>)state).Dispose(),
            call);
    }

    /// <inheritdoc/>
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw OnlyDuplex(method);

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw OnlyDuplex(method);

    /// <inheritdoc/>
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw OnlyDuplex(method);

    /// <inheritdoc/>
    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw OnlyDuplex(method);

    private static NotSupportedException OnlyDuplex(IMethod method) =>
        new($"{method.FullName} is a {method.Type} call; direct streams carry duplex calls only");
}
