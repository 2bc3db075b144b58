using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// Puts a head together: one HEADERS frame and what CONTINUATION frames follow it (RFC 9113, section 6.2). While one is
/// not whole, no other frame may come. One user.
/// </summary>
internal sealed class HeadAssembly
{
    /// <summary>The most bytes of a head.</summary>
    public const int MostBytes = 16 << 10;

    private const int PriorityBytes = 5;

    private readonly byte[] _block = new byte[MostBytes];
    private int _bytes;

    /// <summary>Whether a head has begun that is not whole.</summary>
    public bool IsInside { get; private set; }

    /// <summary>Whether the stream ends with it.</summary>
    public bool EndsStream { get; private set; }

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Block => _block.AsSpan(0, _bytes);

    /// <summary>Takes a HEADERS or CONTINUATION frame.</summary>
    /// <returns>Whether the head is whole.</returns>
    /// <exception cref="ProtocolBreach">It does not belong here, or the head is too large.</exception>
    public bool Take(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type == FrameType.Headers)
        {
            payload = WithoutFilling(header, payload);
            if (header.Has(FrameFlags.Priority))
            {
                payload = payload.Length >= PriorityBytes
                    ? payload[PriorityBytes..]
                    : throw new ProtocolBreach(Http2Error.FrameSize, "a HEADERS frame is cut");
            }

            EndsStream = header.Has(FrameFlags.EndStream);
            _bytes = 0;
        }
        else if (!IsInside)
        {
            throw new ProtocolBreach(Http2Error.Protocol, "a CONTINUATION frame continues nothing");
        }

        if (payload.Length > MostBytes - _bytes)
        {
            throw new ProtocolBreach(Http2Error.EnhanceYourCalm, $"a head of more than {MostBytes} bytes");
        }

        payload.CopyTo(_block.AsSpan(_bytes));
        _bytes += payload.Length;
        IsInside = !header.Has(FrameFlags.EndHeaders);
        return !IsInside;
    }

    /// <summary>What a frame brings, without the bytes that only fill it.</summary>
    public static ReadOnlySpan<byte> WithoutFilling(scoped in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        (int skip, int length) = Content(header, payload);
        return payload.Slice(skip, length);
    }

    /// <summary>Where in a frame's payload what it brings begins, and how long it is.</summary>
    /// <exception cref="ProtocolBreach">There is more filling than payload.</exception>
    public static (int Skip, int Length) Content(scoped in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (!header.Has(FrameFlags.Padded))
        {
            return (0, payload.Length);
        }

        int filling = payload.IsEmpty ? 0 : payload[0];
        return !payload.IsEmpty && filling < payload.Length
            ? (1, payload.Length - 1 - filling)
            : throw new ProtocolBreach(Http2Error.Protocol, "a frame has more filling than payload");
    }
}
