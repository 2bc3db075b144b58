namespace RemoteSwap.Wire.Http2;

/// <summary>Numbers of HTTP/2 that both ends go by (RFC 9113, sections 3.4 and 6.5.2).</summary>
public static class Http2Wire
{
    /// <summary>Bytes of the largest frame before the other end has announced another.</summary>
    public const int DefaultFrameBytes = 16 << 10;

    /// <summary>Bytes that may be sent, on a stream and on a connection, before the other end has said more.</summary>
    public const int DefaultWindowBytes = 65_535;

    /// <summary>The widest that a window may be.</summary>
    public const int MostWindowBytes = int.MaxValue;

    /// <summary>Bytes of one announced setting.</summary>
    public const int SettingBytes = 6;

    /// <summary>The stream of a connection that has only one.</summary>
    public const int OnlyStream = 1;

    /// <summary>What a client's connection begins with.</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;
}
