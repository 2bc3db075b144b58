using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.Credentials;

namespace RemoteSwap.Client;

/// <summary>
/// Puts into words why a call failed: what, for whom, the value, what to do, and the transport's own words.
/// </summary>
internal static class CallFailure
{
    // A server's words are quoted, but not without end.
    private const int MaxDetailChars = 500;

    /// <summary>The exception to throw for what the transport threw.</summary>
    public static Exception Of(
        RpcException failure,
        in CallSubject subject,
        RemoteSwapClientOptions options,
        CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested && failure.StatusCode == StatusCode.Cancelled)
        {
            return new OperationCanceledException(
                $"{subject} was cancelled by its caller.", failure, cancellationToken);
        }

        if (CredentialException.WordsIn(failure.Status.DebugException) is { } words)
        {
            return new RemoteSwapException(
                RemoteSwapError.Unauthenticated, $"{subject} failed: {words}. [no call was made]", failure);
        }

        RemoteSwapError error = ErrorOf(failure);
        return new RemoteSwapException(
            error,
            $"{subject} failed: {Reason(error, options)} [gRPC {failure.StatusCode}: {Quote(failure)}]",
            failure);
    }

    /// <summary>The exception to throw where the server knows the calls but not the stream.</summary>
    public static RemoteSwapException NoStreams(
        RpcException failure, in CallSubject subject, RemoteSwapClientOptions options) => new(
            RemoteSwapError.Protocol,
            $"{subject} failed: the server at {options.Address} has no Exchange stream, or is no page server; check the"
            + $" address, and for an older server set the option {nameof(options.Streams)} to 0."
            + $" [gRPC {failure.StatusCode}: {Quote(failure)}]",
            failure);

    /// <summary>The exception to throw where the area is not this client's any more.</summary>
    public static RemoteSwapException Fenced(in CallSubject subject) => new(
        RemoteSwapError.Fenced,
        $"{subject} failed: the area is not this client's any more; another one has attached to it, or the server gave"
        + " up on this one. What was not dropped stays. Attach again. [gRPC OK]");

    /// <summary>The exception to throw for a reply that breaks the wire contract.</summary>
    /// <param name="subject">The call.</param>
    /// <param name="violation">What is wrong, with field and value.</param>
    public static RemoteSwapException Protocol(in CallSubject subject, string violation) => new(
        RemoteSwapError.Protocol,
        $"{subject} failed: the reply breaks the wire contract: {violation}. Nothing of it was used."
        + " Is the server of another version, or broken? [gRPC OK]");

    private static string Quote(RpcException failure)
    {
        string detail = failure.Status.Detail;
        return detail.Length > MaxDetailChars ? detail[..MaxDetailChars] : detail;
    }

    private static RemoteSwapError ErrorOf(RpcException failure) => failure.StatusCode switch
    {
        _ when failure.Status.DebugException is InvalidProtocolBufferException => RemoteSwapError.Protocol,
        StatusCode.Unavailable => RemoteSwapError.Unavailable,
        StatusCode.DeadlineExceeded => RemoteSwapError.DeadlineExceeded,
        StatusCode.Cancelled => RemoteSwapError.Cancelled,
        StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.FailedPrecondition =>
            RemoteSwapError.InvalidRequest,
        StatusCode.NotFound => RemoteSwapError.NotFound,
        StatusCode.PermissionDenied => RemoteSwapError.PermissionDenied,
        StatusCode.Unauthenticated => RemoteSwapError.Unauthenticated,
        StatusCode.Unimplemented => RemoteSwapError.Protocol,
        StatusCode.ResourceExhausted => RemoteSwapError.Quota,
        _ => RemoteSwapError.Server,
    };

    private static string Reason(RemoteSwapError error, RemoteSwapClientOptions options) => error switch
    {
        RemoteSwapError.Unavailable =>
            $"the server at {options.Address} did not answer in up to {options.MaxAttempts} attempts;"
            + " check that it runs and is reachable, then repeat the call.",
        RemoteSwapError.DeadlineExceeded =>
            $"no answer within the call deadline of {options.CallDeadline}; whether it had an effect is unknown:"
            + " repeat it, with a longer CallDeadline if the server is slow.",
        RemoteSwapError.Cancelled =>
            "the server or the closing of this connection ended it; whether it had an effect is unknown: repeat it.",
        RemoteSwapError.InvalidRequest =>
            "the server refused the request and changed nothing; correct the value it names.",
        RemoteSwapError.NotFound => "the server knows no such tenant or area; check both against its configuration.",
        RemoteSwapError.PermissionDenied =>
            "the server knows this client and does not let it act for the tenant; check certificate, token and tenant.",
        RemoteSwapError.Unauthenticated =>
            $"the server at {options.Address} does not know who this client is; check its certificate or token: is one "
            + "given, is it this server's, has it expired?",
        RemoteSwapError.Quota =>
            "it is more than the server gives this tenant, or one message; nothing was done. What it says names the"
            + " bound, what is used of it and what was asked for.",
        RemoteSwapError.Protocol =>
            $"{options.Address} does not speak remoteswap.v1 as this client does; check the address and both versions.",
        _ => "the server could not carry it out; its log says why.",
    };
}
