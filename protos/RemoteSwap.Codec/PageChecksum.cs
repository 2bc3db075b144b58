using System.Buffers.Binary;
using System.IO.Hashing;

namespace RemoteSwap.Codec;

/// <summary>
/// The two checksums of the wire contract (page_store.proto), both CRC-32 as in zlib. The zpage checksum guards bytes
/// on the wire and in the server's memory and can be checked without decoding. The page checksum guards the decoded
/// page end to end and is bound to the page's identity, so that a whole page of another slot or generation does not
/// pass either.
/// </summary>
public static class PageChecksum
{
    private const int IdentityBytes = 20;

    /// <summary>The checksum of a zpage's bytes.</summary>
    public static uint OfZpage(ReadOnlySpan<byte> zpage) => FoldedCrc32.Of(zpage);

    /// <summary>The checksum of a decoded page as the content of one slot at one generation.</summary>
    /// <param name="page">Exactly 4,096 bytes.</param>
    /// <param name="area">The area.</param>
    /// <param name="slot">The slot in the area.</param>
    /// <param name="generation">The generation.</param>
    public static uint OfPage(ReadOnlySpan<byte> page, uint area, ulong slot, ulong generation)
    {
        Span<byte> identity = stackalloc byte[IdentityBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(identity, area);
        BinaryPrimitives.WriteUInt64LittleEndian(identity[4..], slot);
        BinaryPrimitives.WriteUInt64LittleEndian(identity[12..], generation);
        return FoldedCrc32.Of(page) ^ Crc32.HashToUInt32(identity);
    }
}
