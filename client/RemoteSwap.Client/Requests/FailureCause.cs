using Grpc.Core;
using RemoteSwap.Credentials;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Requests;

/// <summary>
/// Why requests of a stream failed: one cause, from which each call gets an exception of its own that names the call.
/// </summary>
internal sealed class FailureCause
{
    private readonly RpcException? _status;
    private readonly string? _violation;
    private readonly bool _streamIsUnknown;

    private FailureCause(RpcException? status, string? violation, bool streamIsUnknown)
    {
        _status = status;
        _violation = violation;
        _streamIsUnknown = streamIsUnknown;
    }

    /// <summary>Whether the server may answer to a repetition.</summary>
    public bool IsUnavailable => _status is { StatusCode: StatusCode.Unavailable };

    /// <summary>What it is called in metrics.</summary>
    public string Outcome => _status is null ? OperationTags.Protocol : OutcomeOf(_status.StatusCode);

    /// <summary>What a status is called in metrics.</summary>
    public static string OutcomeOf(StatusCode status) => status switch
    {
        StatusCode.Unavailable => OperationTags.Unavailable,
        StatusCode.DeadlineExceeded => OperationTags.DeadlineExceeded,
        StatusCode.Cancelled => OperationTags.Cancelled,
        StatusCode.Unimplemented => OperationTags.Protocol,
        _ => OperationTags.Refused,
    };

    /// <summary>A status that one request was answered with, or that this library gives it.</summary>
    public static FailureCause Of(StatusCode code, string detail) => Of(new RpcException(new Status(code, detail)));

    /// <summary>A status that the transport or the server ended something with.</summary>
    public static FailureCause Of(RpcException status) => new(status, violation: null, streamIsUnknown: false);

    /// <summary>
    /// The status that a call ended with if it is a refusal that stays one until somebody changes something; null: it
    /// is another.
    /// </summary>
    public static FailureCause? OfRefusal(Exception? status) => status is RpcException rpc && IsRefusal(rpc)
        ? OfStream(rpc)
        : null;

    /// <summary>
    /// The status that a stream ended with. A connection that broke under a reader has a status of its own making,
    /// mostly "internal": that is the transport's word, not the server's, and counts as unavailable.
    /// </summary>
    public static FailureCause OfStream(RpcException status) =>
        CredentialException.WordsIn(status.Status.DebugException) is not null
        ? Of(new RpcException(new Status(
            StatusCode.Unauthenticated, status.Status.Detail, status.Status.DebugException)))
        : HasLostItsConnection(status)
        ? Of(StatusCode.Unavailable, $"the connection broke: {status.Status.Detail}")
        : new(status, violation: null, streamIsUnknown: status.StatusCode == StatusCode.Unimplemented);

    /// <summary>A breach of the wire contract.</summary>
    /// <param name="violation">What is wrong, with field and value.</param>
    public static FailureCause OfViolation(string violation) => new(status: null, violation, streamIsUnknown: false);

    private static bool IsRefusal(RpcException status) =>
        status.StatusCode is StatusCode.PermissionDenied or StatusCode.Unauthenticated
        || CredentialException.WordsIn(status.Status.DebugException) is not null;

    private static bool HasLostItsConnection(RpcException status) =>
        status.StatusCode is StatusCode.Internal or StatusCode.Unknown
        && status.Status.DebugException is (IOException or HttpRequestException);

    /// <summary>The exception for one call.</summary>
    public Exception For(in CallSubject subject, RemoteSwapClientOptions options)
    {
        if (_status is null)
        {
            return CallFailure.Protocol(subject, _violation ?? string.Empty);
        }

        return _streamIsUnknown
            ? CallFailure.NoStreams(_status, subject, options)
            : CallFailure.Of(_status, subject, options, CancellationToken.None);
    }
}
