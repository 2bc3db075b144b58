using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// The server does not keep to HTTP/2 or to gRPC's use of it: the connection can not go on. It counts as a connection
/// that broke, for what came before is as good as it was.
/// </summary>
/// <param name="error">What the server is told.</param>
/// <param name="words">What is wrong, with its value.</param>
internal sealed class ProtocolBreach(Http2Error error, string words) : IOException(words)
{
    /// <summary>What the server is told.</summary>
    public Http2Error Error => error;
}
