using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

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

    /// <summary>A value that is wrong.</summary>
    public static CallRefusal Invalid(string field, string problem) => new(StatusCode.InvalidArgument, field, problem);

    /// <summary>A slot beyond the area.</summary>
    public static CallRefusal OutOfRange(string field, string problem) => new(StatusCode.OutOfRange, field, problem);

    /// <summary>A tenant or area that is not there.</summary>
    public static CallRefusal NotFound(string field, string problem) => new(StatusCode.NotFound, field, problem);

    /// <summary>Ends a call with this refusal. Its reply is sent empty and every client ignores it.</summary>
    public void End(ServerCallContext context)
    {
        context.ResponseTrailers.SetRpcStatus(Details());
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

    private string Message => $"{Field}: {Problem}";

    private Google.Rpc.Status Details() => new()
    {
        Code = (int)Code,
        Message = Message,
        Details =
        {
            Any.Pack(new BadRequest
            {
                FieldViolations = { new BadRequest.Types.FieldViolation { Field = Field, Description = Problem } },
            }),
            Any.Pack(new ErrorInfo { Domain = Domain, Reason = Code.ToString() }),
        },
    };
}
