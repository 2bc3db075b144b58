using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Evictions;

/// <summary>
/// What a place of an eviction file says of the page in it, so that the file explains itself after a crash: 64 bytes.
/// Zeroes, or anything whose checksum is wrong: there is no page.
/// <code>
/// offset  bytes
///      0      8  magic
///      8      4  area
///     12      2  bytes of the zpage
///     14      2  encoding
///     16      8  slot
///     24      8  generation
///     32      4  zpage checksum
///     36      4  page checksum
///     40     20  zeroes
///     60      4  CRC-32 of the 60 bytes before
/// </code>
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ImageHeader(
    uint Area,
    ulong Slot,
    ulong Generation,
    ZpageEncoding Encoding,
    int Length,
    uint ZpageChecksum,
    uint PageChecksum)
{
    /// <summary>Bytes of a header.</summary>
    public const int Bytes = 64;

    private const int ChecksumOffset = Bytes - sizeof(uint);

    // "RSimage1", little-endian.
    private const ulong Magic = 0x3165_6761_6D69_5352;

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> room)
    {
        room[..Bytes].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(room, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(room[8..], Area);
        BinaryPrimitives.WriteUInt16LittleEndian(room[12..], (ushort)Length);
        BinaryPrimitives.WriteUInt16LittleEndian(room[14..], (ushort)Encoding);
        BinaryPrimitives.WriteUInt64LittleEndian(room[16..], Slot);
        BinaryPrimitives.WriteUInt64LittleEndian(room[24..], Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(room[32..], ZpageChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(room[36..], PageChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(
            room[ChecksumOffset..], Codec.PageChecksum.OfZpage(room[..ChecksumOffset]));
    }

    /// <summary>Reads one.</summary>
    /// <returns>Whether there is one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ImageHeader header)
    {
        bool isThere = BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..])
                == Codec.PageChecksum.OfZpage(bytes[..ChecksumOffset]);
        header = isThere
            ? new ImageHeader(
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
                (ZpageEncoding)BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]),
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]))
            : default;
        return isThere && header.Length is > 0 and <= PageSize.Bytes;
    }
}
