namespace RemoteSwap.Wire.Http2;

/// <summary>
/// What an end of a connection announces (RFC 9113, section 6.5.2): each is two bytes of these and four of a value.
/// Unknown ones are passed over.
/// </summary>
public enum Http2Setting : ushort
{
    /// <summary>Bytes of the table that the other end's heads may refer to.</summary>
    HeaderTableSize = 1,

    /// <summary>Whether the other end may push; 0: no.</summary>
    EnablePush = 2,

    /// <summary>Streams that the other end may have open.</summary>
    MaxConcurrentStreams = 3,

    /// <summary>Bytes that the other end may send on each stream before it is told more.</summary>
    InitialWindowSize = 4,

    /// <summary>Bytes of the largest frame that the other end may send.</summary>
    MaxFrameSize = 5,

    /// <summary>Bytes of a head that are accepted.</summary>
    MaxHeaderListSize = 6,

    /// <summary>
    /// Not of the RFC, which has other ends pass it over: with value 1, said in the first frame of a connection, the
    /// client will open one stream on it and no more, and its head will stand in one HEADERS frame, refer to no dynamic
    /// table, and be the next frame but SETTINGS, WINDOW_UPDATE and PING.
    /// </summary>
    SingleStream = 0xF5A1,
}
