using System.Buffers.Binary;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Tests.Direct;

/// <summary>A frame that came.</summary>
internal sealed record RawFrame(FrameHeader Header, byte[] Payload)
{
    public FrameType Type => Header.Type;

    public bool IsAnswer => Header.Has(FrameFlags.EndStream);

    /// <summary>The code of a RST_STREAM or GOAWAY.</summary>
    public Http2Error Code => (Http2Error)BinaryPrimitives.ReadUInt32BigEndian(
        Payload.AsSpan(Type == FrameType.GoAway ? 4 : 0));

    public int Number => BinaryPrimitives.ReadInt32BigEndian(Payload);
}
