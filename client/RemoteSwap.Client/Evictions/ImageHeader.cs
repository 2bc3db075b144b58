using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Evictions;

/// <summary>
/// What a place of an eviction file says of the page in it, so that the file explains itself after a crash: 64 bytes.
/// Zeroes, or anything whose checksum is wrong: there is no page. The end of a raw page that is sealed, for which its
/// place has no room, stands in a header of another form.
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
///
///      0      4  magic of the other form
///      4      4  area
///      8      8  slot
///     16      8  generation
///     24      4  zpage checksum
///     28      4  page checksum
///     32     26  the zpage's end
///     58      2  zeroes
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

    // "RSs1", little-endian.
    private const uint LongMagic = 0x3173_5352;
    private const int TailOffset = 32;

    /// <summary>Whether the zpage is longer than its place.</summary>
    public bool IsLong => Length > PageSize.Bytes;

    /// <summary>Writes it.</summary>
    /// <param name="room">Room for 64 bytes.</param>
    /// <param name="tail">Of a zpage that is longer than its place its end; else empty.</param>
    public void Write(Span<byte> room, ReadOnlySpan<byte> tail)
    {
        room[..Bytes].Clear();
        if (IsLong)
        {
            WriteLong(room, tail);
            return;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(room, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(room[8..], Area);
        BinaryPrimitives.WriteUInt16LittleEndian(room[12..], (ushort)Length);
        BinaryPrimitives.WriteUInt16LittleEndian(room[14..], (ushort)Encoding);
        BinaryPrimitives.WriteUInt64LittleEndian(room[16..], Slot);
        BinaryPrimitives.WriteUInt64LittleEndian(room[24..], Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(room[32..], ZpageChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(room[36..], PageChecksum);
        WriteChecksum(room);
    }

    /// <summary>Reads one.</summary>
    /// <returns>Whether there is one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ImageHeader header)
    {
        bool isWhole = BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..])
            == Codec.PageChecksum.OfZpage(bytes[..ChecksumOffset]);
        if (isWhole && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == LongMagic)
        {
            header = ReadLong(bytes);
            return true;
        }

        bool isThere = isWhole && BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Magic;
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

    /// <summary>Of a header of the other form the zpage's end.</summary>
    public static ReadOnlySpan<byte> TailOf(ReadOnlySpan<byte> bytes) =>
        bytes.Slice(TailOffset, ZpageLimits.SealBytes);

    private static ImageHeader ReadLong(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
        ZpageEncoding.Sealed,
        ZpageLimits.MaxBytes,
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]));

    private void WriteLong(Span<byte> room, ReadOnlySpan<byte> tail)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(room, LongMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(room[4..], Area);
        BinaryPrimitives.WriteUInt64LittleEndian(room[8..], Slot);
        BinaryPrimitives.WriteUInt64LittleEndian(room[16..], Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(room[24..], ZpageChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(room[28..], PageChecksum);
        tail.CopyTo(room[TailOffset..]);
        WriteChecksum(room);
    }

    private static void WriteChecksum(Span<byte> room) => BinaryPrimitives.WriteUInt32LittleEndian(
        room[ChecksumOffset..], Codec.PageChecksum.OfZpage(room[..ChecksumOffset]));
}
