namespace RemoteSwap.Wire.Http2;

/// <summary>Why a stream or a connection ends (RFC 9113, section 7).</summary>
public enum Http2Error : uint
{
    /// <summary>No error: it is over.</summary>
    None = 0,

    /// <summary>The other end does not keep to the protocol.</summary>
    Protocol = 1,

    /// <summary>Something went wrong here.</summary>
    Internal = 2,

    /// <summary>The other end sent more than its window.</summary>
    FlowControl = 3,

    /// <summary>A frame for a stream that is over.</summary>
    StreamClosed = 5,

    /// <summary>A frame of a length that it may not have.</summary>
    FrameSize = 6,

    /// <summary>The stream was not begun to be carried out.</summary>
    RefusedStream = 7,

    /// <summary>Nobody waits for it any more.</summary>
    Cancel = 8,

    /// <summary>A head that can not be read.</summary>
    Compression = 9,

    /// <summary>Too much of what is allowed.</summary>
    EnhanceYourCalm = 11,
}
