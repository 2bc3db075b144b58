using System.Buffers.Binary;

namespace RemoteSwap.Wire.Http2;

/// <summary>
/// What stands before each frame (RFC 9113, section 4.1): 24 bits of length, 8 of type, 8 of flags, 1 without meaning,
/// 31 of the stream's number; the most significant first.
/// </summary>
/// <param name="Length">Bytes that follow, 0 to <see cref="MostLength"/>.</param>
/// <param name="Type">What it is.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Stream">The stream; 0: the connection.</param>
public readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, int Stream)
{
    /// <summary>Bytes of a header.</summary>
    public const int Bytes = 9;

    /// <summary>The most that a header can say.</summary>
    public const int MostLength = (1 << 24) - 1;

    private const int TypeAt = 3;
    private const int FlagsAt = 4;
    private const int StreamAt = 5;
    private const uint StreamBits = 0x7FFF_FFFF;
    private const int BitsOfByte = 8;

    /// <summary>Whether a flag is set.</summary>
    public bool Has(FrameFlags flag) => (Flags & flag) != FrameFlags.None;

    /// <summary>Reads one.</summary>
    /// <param name="bytes">At least <see cref="Bytes"/>.</param>
    public static FrameHeader Read(ReadOnlySpan<byte> bytes) => new(
        (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes) >> BitsOfByte),
        (FrameType)bytes[TypeAt],
        (FrameFlags)bytes[FlagsAt],
        (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes[StreamAt..]) & StreamBits));

    /// <summary>Writes it.</summary>
    /// <param name="bytes">Room for <see cref="Bytes"/>.</param>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ((uint)Length << BitsOfByte) | (uint)Type);
        bytes[FlagsAt] = (byte)Flags;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[StreamAt..], (uint)Stream);
    }
}
