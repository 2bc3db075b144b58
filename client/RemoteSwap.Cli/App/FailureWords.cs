using System.Net.Sockets;
using Grpc.Core;
using RemoteSwap.Cli.Addressing;
using RemoteSwap.Client;
using RemoteSwap.Credentials;
using RemoteSwap.Units;

namespace RemoteSwap.Cli.App;

/// <summary>
/// Puts failures of calls into words and exit codes. The client library has its own words; they are kept.
/// </summary>
internal static class FailureWords
{
    // A server's words are quoted, but not without end.
    private const int MaxDetailChars = 500;

    /// <summary>The failure to end the command with for what the transport threw.</summary>
    /// <param name="failure">What it threw.</param>
    /// <param name="subject">What was asked of whom, such as <c>the limits of tenant 'a'</c>.</param>
    /// <param name="server">The server.</param>
    /// <param name="deadline">The time that the call had.</param>
    public static CommandFailedException Of(
        RpcException failure, string subject, ServerUri server, TimeSpan deadline) =>
        CredentialException.WordsIn(failure.Status.DebugException) is { } words
        ? new CommandFailedException(ExitCode.Permission, $"{subject} at {server}: {words}", failure)
        : new CommandFailedException(
            IsDenied(failure) ? ExitCode.Permission : ExitCodeOf(failure.StatusCode),
            $"{subject} at {server}: {Reason(failure.StatusCode, server, deadline)}"
            + $" [gRPC {failure.StatusCode}: {Quote(failure.Status.Detail)}]",
            failure);

    /// <summary>The exit code for a failure that the client library reports.</summary>
    public static int ExitCodeOf(RemoteSwapException failure) => failure.Error switch
    {
        RemoteSwapError.Unavailable when IsDenied(failure) => ExitCode.Permission,
        RemoteSwapError.Unavailable or RemoteSwapError.DeadlineExceeded => ExitCode.Unavailable,
        RemoteSwapError.PermissionDenied or RemoteSwapError.Unauthenticated or RemoteSwapError.Fenced =>
            ExitCode.Permission,
        _ => ExitCode.Failed,
    };

    private static int ExitCodeOf(StatusCode code) => code switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => ExitCode.Unavailable,
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => ExitCode.Permission,
        _ => ExitCode.Failed,
    };

    // A socket file that may not be written to looks like a missing server to the transport.
    private static bool IsDenied(Exception? failure)
    {
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            if (at is SocketException { SocketErrorCode: SocketError.AccessDenied }
                || (at is RpcException { Status.DebugException: { } cause } && IsDenied(cause)))
            {
                return true;
            }
        }

        return false;
    }

    private static string Reason(StatusCode code, ServerUri server, TimeSpan deadline) => code switch
    {
        StatusCode.Unavailable => "the server does not answer; check that it runs and listens there"
            + (server.IsSocket ? ", and that you may write to the socket." : "."),
        StatusCode.DeadlineExceeded =>
            $"no answer within {DurationText.Format(deadline)}; give a longer --timeout if the server is slow.",
        StatusCode.NotFound => "the server knows no such tenant; `remoteswap tenants` lists those that it has.",
        StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.FailedPrecondition =>
            "the server refused and changed nothing; correct the value that it names.",
        StatusCode.PermissionDenied => "the server knows you and does not let you; ask its operator.",
        StatusCode.Unauthenticated => "the server does not know who you are; give a certificate (--cert, --key) or a "
            + "token (--token-file) that it takes, and look whether it has expired.",
        StatusCode.Unimplemented => "this is no page server of this version; check the address and both versions.",
        _ => "the server could not carry it out; its log says why.",
    };

    private static string Quote(string detail) =>
        detail.Length > MaxDetailChars ? detail[..MaxDetailChars] : detail;
}
