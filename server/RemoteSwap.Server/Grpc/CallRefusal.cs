using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using RemoteSwap.Server.Access;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc;

/// <summary>
/// Why a call is refused as a whole: the status, the field at fault and what is wrong with it. A refusal is a value;
/// the call ends with its status and google.rpc details, without an exception, so that malformed calls cost little.
/// </summary>
/// <param name="Code">The status code.</param>
/// <param name="Field">The field at fault, as the proto names it, with its index in a column.</param>
/// <param name="Problem">What is wrong with it: the value and what is allowed.</param>
internal sealed record CallRefusal(StatusCode Code, string Field, string Problem)
{
    private const string Domain = "remoteswap.v1";
    private const string PushbackTrailer = "grpc-retry-pushback-ms";

    /// <summary>The reason in google.rpc.ErrorInfo.</summary>
    public string Reason { get; init; } = Code.ToString();

    /// <summary>A call that its caller may not make.</summary>
    public static CallRefusal Denied(in AccessDenial denial) =>
        new(AccessReasons.StatusOf(denial.Reason), AccessReasons.FieldOf(denial.Reason), denial.Problem)
        {
            Reason = AccessReasons.NameOf(denial.Reason),
        };

    /// <summary>A method that is not in the table of who may call what.</summary>
    public static CallRefusal NoMethod { get; } = new(
        StatusCode.Unimplemented, "method", "is none that this server lets anybody call");

    /// <summary>
    /// A stream whose credential does not count any more. The caller may have a newer one by now: whoever begins again
    /// is told at once if not.
    /// </summary>
    public static CallRefusal CredentialEnded(in AccessDenial denial) => new(
        StatusCode.Unavailable, "credential", $"{denial.Problem}; begin the stream again with one that counts")
    {
        Reason = AccessReasons.NameOf(denial.Reason),
    };

    /// <summary>Of a message that was refused unread: why.</summary>
    public MessageFault Fault { get; init; }

    /// <summary>A value that is wrong.</summary>
    public static CallRefusal Invalid(string field, string problem) => new(StatusCode.InvalidArgument, field, problem);

    /// <summary>A value that cannot be granted now.</summary>
    public static CallRefusal Precondition(string field, string problem) =>
        new(StatusCode.FailedPrecondition, field, problem);

    /// <summary>The quota in the way, of a refusal for one; null: it is for something else.</summary>
    private QuotaRefusal? Quota { get; init; }

    /// <summary>A tenant that is over one of its quotas.</summary>
    public static CallRefusal OverQuota(string tenant, in QuotaRefusal refusal) =>
        new(StatusCode.ResourceExhausted, $"tenant '{tenant}'", QuotaWords.Of(tenant, in refusal))
        {
            Quota = refusal,
        };

    /// <summary>Bytes that are not the message that they should be.</summary>
    public static CallRefusal Malformed(string message) =>
        Invalid("message", $"cannot be read as a {message}") with { Fault = MessageFault.Malformed };

    /// <summary>A ping that asks for copies where there is nothing to copy to.</summary>
    public static CallRefusal NoPingArena { get; } = new(
        StatusCode.FailedPrecondition,
        "copy_memory",
        "is true; this server has no memory for it, see Server:PingArena");

    /// <summary>A message that is too large for its kind.</summary>
    public static CallRefusal TooLarge(long bytes, int maxBytes) => new(
        StatusCode.ResourceExhausted, "message", $"has {bytes} bytes; at most {maxBytes} are allowed")
    {
        Fault = MessageFault.TooLarge,
    };

    /// <summary>A tenant that is not served any more.</summary>
    public static CallRefusal Broken(Tenant tenant) => new(
        StatusCode.Internal, "tenant", $"'{tenant.Name}' failed an internal check and is not served: {tenant.Poison}");

    /// <summary>A drain where there is nowhere to write pages.</summary>
    public static CallRefusal NoStateFolder { get; } = new(
        StatusCode.FailedPrecondition,
        "server",
        "has no State:Folder, so a drain would lose all pages; stop it with SIGTERM if that is meant");

    /// <summary>
    /// A message that says it is compressed. Pages are compressed already, and a few bytes may say that they are
    /// gigabytes.
    /// </summary>
    public static CallRefusal Compressed { get; } = new(
        StatusCode.Unimplemented, "message", "is compressed; this server takes uncompressed messages only")
    {
        Fault = MessageFault.Compressed,
    };

    /// <summary>A stream's request without an operation.</summary>
    public static CallRefusal NoOperation { get; } = Invalid("operation", "is not set; this server knows store, load, "
        + "invalidate and ping");

    /// <summary>A stream that ends because the server does.</summary>
    public static CallRefusal Stopping { get; } = new(
        StatusCode.Unavailable, "server", "is shutting down; repeat what was not answered elsewhere or later");

    /// <summary>A change of owner that cannot be written down, and therefore was not made.</summary>
    public static CallRefusal NotWritten(IOException failure) => new(
        StatusCode.Unavailable,
        "server",
        $"cannot write to its State:Folder, so nothing was changed: {failure.Message}");

    /// <summary>A stream that ended within a message.</summary>
    public static CallRefusal Cut(long bytes) =>
        Invalid("message", $"was cut off after {bytes} bytes") with { Fault = MessageFault.WrongLength };

    /// <summary>A call whose message is not as long as its prefix says, the prefix included.</summary>
    public static CallRefusal WrongLength(long bytes, long expected) => bytes < expected
        ? Cut(bytes)
        : Invalid("message", $"is followed by {bytes - expected} bytes or more; a call has one message") with
        {
            Fault = MessageFault.WrongLength,
        };

    /// <summary>A slot beyond the area.</summary>
    public static CallRefusal OutOfRange(string field, string problem) => new(StatusCode.OutOfRange, field, problem);

    /// <summary>A tenant or area that is not there.</summary>
    public static CallRefusal NotFound(string field, string problem) => new(StatusCode.NotFound, field, problem);

    /// <summary>Ends a call with this refusal. Its reply is sent empty and every client ignores it.</summary>
    public void End(ServerCallContext context)
    {
        context.ResponseTrailers.SetRpcStatus(Details());
        if (Quota is { RetryAfter.Ticks: > 0 } quota)
        {
            // What gRPC's own retries obey, where they are configured for this status.
            context.ResponseTrailers.Add(
                PushbackTrailer, ((long)Math.Ceiling(quota.RetryAfter.TotalMilliseconds)).ToString());
        }

        context.Status = new global::Grpc.Core.Status(Code, Message);
    }

    /// <summary>Ends a call that gRPC has not begun with: all of the reply stands in its headers.</summary>
    public void End(Microsoft.AspNetCore.Http.HttpResponse response)
    {
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)Code).ToString();
        response.Headers["grpc-message"] = Message;
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(Details().ToByteArray());
    }

    /// <summary>What is wrong, in words.</summary>
    public string Message => $"{Field}: {Problem}";

    /// <summary>What is wrong, as google.rpc has it.</summary>
    public Google.Rpc.Status Details()
    {
        Google.Rpc.Status status = new() { Code = (int)Code, Message = Message };
        if (Quota is { } quota)
        {
            AddQuota(status, quota);
        }
        else
        {
            status.Details.Add(Any.Pack(new BadRequest
            {
                FieldViolations = { new BadRequest.Types.FieldViolation { Field = Field, Description = Problem } },
            }));
            status.Details.Add(Any.Pack(new ErrorInfo { Domain = Domain, Reason = Reason }));
        }

        return status;
    }

    private void AddQuota(Google.Rpc.Status status, QuotaRefusal quota)
    {
        QuotaFailure.Types.Violation violation = new() { Subject = Field, Description = Problem };
        status.Details.Add(Any.Pack(new QuotaFailure { Violations = { violation } }));
        status.Details.Add(Any.Pack(new ErrorInfo
        {
            Domain = Domain,
            Reason = $"QUOTA_{QuotaWords.SettingOf(quota.Kind).ToUpperInvariant()}",
            Metadata =
            {
                { "limit", $"{quota.Limit}" },
                { "used", $"{quota.Used}" },
                { "asked", $"{quota.Asked}" },
            },
        }));
        if (quota.RetryAfter > TimeSpan.Zero)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(quota.RetryAfter) }));
        }
    }
}
