namespace RemoteSwap.Wire.Http2;

/// <summary>What a frame of HTTP/2 is (RFC 9113, section 6). Others are passed over.</summary>
public enum FrameType : byte
{
    /// <summary>Bytes of a message.</summary>
    Data = 0,

    /// <summary>The head of a request or response, or trailers.</summary>
    Headers = 1,

    /// <summary>Has no meaning any more.</summary>
    Priority = 2,

    /// <summary>A stream ends at once.</summary>
    ResetStream = 3,

    /// <summary>What the other end may send.</summary>
    Settings = 4,

    /// <summary>A response that nobody asked for; never allowed here.</summary>
    PushPromise = 5,

    /// <summary>A sign of life is asked for, or given.</summary>
    Ping = 6,

    /// <summary>The connection takes no further streams.</summary>
    GoAway = 7,

    /// <summary>The other end may send more.</summary>
    WindowUpdate = 8,

    /// <summary>More of a head.</summary>
    Continuation = 9,
}
