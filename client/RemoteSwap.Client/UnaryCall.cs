using Grpc.Core;

namespace RemoteSwap.Client;

/// <summary>
/// Makes a call that travels alone: gives it its deadline, and turns what the transport throws into this library's
/// exceptions.
/// </summary>
internal static class UnaryCall
{
    /// <summary>Makes a call.</summary>
    /// <param name="method">What makes it.</param>
    /// <param name="request">The request.</param>
    /// <param name="subject">What it is about, should it fail.</param>
    /// <param name="options">The connection's options.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="RemoteSwapException">The call failed.</exception>
    public static async Task<TReply> RunAsync<TRequest, TReply>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TReply>> method,
        TRequest request,
        CallSubject subject,
        RemoteSwapClientOptions options,
        CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();

        // The transport measures the deadline by the system's clock, so it is taken from there and not injected.
        CallOptions call = new(deadline: DateTime.UtcNow + options.CallDeadline, cancellationToken: ct);
        try
        {
            using AsyncUnaryCall<TReply> running = method(request, call);
            return await running.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            throw CallFailure.Of(failure, subject, options, ct);
        }
    }
}
