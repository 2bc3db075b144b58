using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>A client does not keep to HTTP/2 or to what it has promised: the end of its connection.</summary>
/// <param name="code">What it is told.</param>
/// <param name="what">What it did.</param>
internal sealed class WireFaultException(Http2Error code, string what) : Exception(what)
{
    /// <summary>What the client is told.</summary>
    public Http2Error Code => code;
}
