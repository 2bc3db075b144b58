using Grpc.Core;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// What the end of a stream is in gRPC's words: the tables of "gRPC over HTTP/2" (HTTP2 errors) and of "HTTP to gRPC
/// status codes". What a broken connection makes carries an <see cref="IOException"/>, so that it is told from what the
/// server says.
/// </summary>
internal static class StreamStatus
{
    private const int Ok = 200;

    /// <summary>The status of a stream that the server has ended with trailers, or with a head alone.</summary>
    public static Status Of(ResponseHead head)
    {
        // What gRPC says counts before what HTTP does ("HTTP to gRPC status codes").
        if (head.GrpcStatus is { } refusal and not (int)StatusCode.OK)
        {
            return new Status((StatusCode)refusal, head.GrpcMessage);
        }

        if (head.HttpStatus != Ok)
        {
            return new Status(OfHttp(head.HttpStatus), $"the server answered with the HTTP status {head.HttpStatus}");
        }

        if (!head.IsGrpc)
        {
            return new Status(
                StatusCode.Unknown, $"the server's answer is none of gRPC, its content type is '{head.ContentType}'");
        }

        return head.GrpcStatus is null
            ? Broken("the server ended the stream without a status")
            : new Status(StatusCode.OK, head.GrpcMessage);
    }

    /// <summary>The status of a stream that the server has reset.</summary>
    public static Status OfReset(Http2Error error)
    {
        string words = $"the server reset the stream (HTTP/2 error {error})";
        return error switch
        {
            Http2Error.RefusedStream => new Status(StatusCode.Unavailable, words),
            Http2Error.Cancel => new Status(StatusCode.Cancelled, words),
            Http2Error.EnhanceYourCalm => new Status(StatusCode.ResourceExhausted, words),
            _ => Broken(words),
        };
    }

    /// <summary>The status of a connection that ended by itself.</summary>
    public static Status Broken(string words) => Broken(new IOException(words));

    /// <summary>The status of a connection that ended by itself.</summary>
    public static Status Broken(Exception why) => new(StatusCode.Unavailable, why.Message, why);

    private static StatusCode OfHttp(int status) => status switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
