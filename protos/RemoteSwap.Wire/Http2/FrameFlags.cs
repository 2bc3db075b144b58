namespace RemoteSwap.Wire.Http2;

/// <summary>The flags of a frame; which of them count depends on its type (RFC 9113, section 6).</summary>
[Flags]
public enum FrameFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Of DATA and HEADERS: nothing follows on the stream. Of SETTINGS and PING: an answer (ACK).</summary>
    EndStream = 0x1,

    /// <summary>Of HEADERS and CONTINUATION: the head is whole.</summary>
    EndHeaders = 0x4,

    /// <summary>Of DATA and HEADERS: a byte of length stands first, and so many bytes of filling last.</summary>
    Padded = 0x8,

    /// <summary>Of HEADERS: five bytes without meaning stand first.</summary>
    Priority = 0x20,
}
