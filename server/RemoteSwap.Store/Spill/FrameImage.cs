using System.IO.Hashing;
using System.Runtime.InteropServices;
using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The bytes of a frame outside memory: its 4,096 bytes and its 64-byte header, which of a frame with a header are the
/// same bytes as its first chunk. The header carries a checksum over both, so that a torn or foreign image is found.
/// </summary>
internal static class FrameImage
{
    /// <summary>
    /// Makes an image out of a copy of a frame and its header: clears what is no part of a zpage, sets the checksum and
    /// joins both.
    /// </summary>
    /// <param name="frame">The frame's bytes.</param>
    /// <param name="header">The frame's header.</param>
    /// <param name="drain">Of a drained image: the drain's number, which it is bound to; else 0.</param>
    public static void Seal(Span<byte> frame, Span<byte> header, ulong drain = 0)
    {
        ImageSlack.Clear(frame, header);
        ref FrameHeader fields = ref FrameHeader.Of(header);
        fields.ImageChecksum = 0;
        fields.ImageChecksum = Checksum(frame, header, fields.Kind, drain);
        if (fields.Kind == FrameKind.Zbud)
        {
            header.CopyTo(frame);
        }
    }

    /// <summary>Whether an image is as it was sealed, by that drain; its checksum field is cleared.</summary>
    public static bool IsWhole(Span<byte> frame, Span<byte> header, ulong drain)
    {
        ref FrameHeader fields = ref FrameHeader.Of(header);
        uint checksum = fields.ImageChecksum;
        fields.ImageChecksum = 0;
        return fields.Version == FrameHeader.CurrentVersion
            && Checksum(frame, header, fields.Kind, drain) == checksum;
    }

    /// <summary>Bytes of an image in memory: the frame, then its header.</summary>
    public const int Bytes = FrameArena.FrameBytes + FrameHeader.Bytes;

    /// <summary>Reads an image into memory.</summary>
    /// <param name="target">Where it is.</param>
    /// <param name="place">Its place; the caller is one of its users.</param>
    /// <param name="isHeadless">Whether it is a headless frame's.</param>
    /// <param name="image">Room for it.</param>
    /// <exception cref="IOException">It could not be read whole.</exception>
    public static async ValueTask ReadAsync(
        IWritebackTarget target, SpillPlace place, bool isHeadless, Memory<byte> image)
    {
        Memory<byte> frame = image[..FrameArena.FrameBytes];
        Memory<byte> header = image.Slice(FrameArena.FrameBytes, FrameHeader.Bytes);
        await target.ReadAsync(place, frame, isHeadless ? header : Memory<byte>.Empty);
        if (!isHeadless)
        {
            frame[..FrameHeader.Bytes].CopyTo(header);
        }
    }

    /// <summary>Finds a spilled page in its image and proves it: the image, the owner record, the checksum.</summary>
    /// <param name="frame">The image's frame.</param>
    /// <param name="header">The image's header; its checksum field is cleared.</param>
    /// <param name="owner">The tenant's number.</param>
    /// <param name="area">The page's area.</param>
    /// <param name="slot">The page's slot.</param>
    /// <param name="entry">The page's entry.</param>
    /// <param name="record">The zpage's owner record.</param>
    /// <param name="zpage">The zpage's bytes within <paramref name="frame"/>; its end may be in the header.</param>
    /// <returns>Whether every byte of the zpage is what was stored there.</returns>
    public static bool TryProve(
        Span<byte> frame,
        Span<byte> header,
        uint owner,
        AreaId area,
        Slot slot,
        in SwapEntry entry,
        out OwnerRecord record,
        out Range zpage) =>
        TryFind(frame, header, entry.Buddy, owner, out record, out zpage)
        && record.Matches(area, slot, in entry)
        && HasZpage(frame, header, in record, zpage);

    /// <summary>Whether a zpage that was found in an image is what its owner record says.</summary>
    public static bool HasZpage(ReadOnlySpan<byte> frame, Span<byte> header, in OwnerRecord record, Range zpage) =>
        ZpageTail.ChecksumOf(frame[zpage], FrameHeader.Spare(header), record.Length) == record.ZpageChecksum;

    /// <summary>Finds a zpage in an image and proves that it is the one wanted.</summary>
    /// <param name="frame">The image's frame.</param>
    /// <param name="header">The image's header; its checksum field is cleared.</param>
    /// <param name="buddy">Which zpage.</param>
    /// <param name="owner">The tenant's number.</param>
    /// <param name="record">The zpage's owner record.</param>
    /// <param name="zpage">The zpage's bytes within <paramref name="frame"/>.</param>
    /// <returns>Whether the image is whole and the tenant's, and the zpage lies within it.</returns>
    public static bool TryFind(
        Span<byte> frame, Span<byte> header, Buddy buddy, uint owner, out OwnerRecord record, out Range zpage)
    {
        record = default;
        zpage = default;
        ref FrameHeader fields = ref FrameHeader.Of(header);
        uint checksum = fields.ImageChecksum;
        fields.ImageChecksum = 0;
        if (fields.Version != FrameHeader.CurrentVersion || fields.Owner != owner
            || Checksum(frame, header, fields.Kind) != checksum)
        {
            return false;
        }

        record = OwnerRecord.Read(FrameHeader.Record(header, buddy));
        int length = record.Length;
        if (fields.Kind == FrameKind.Headless)
        {
            zpage = ..ZpageTail.InFrame(length);
            return buddy == Buddy.First && length <= ZpageLimits.MaxBytes;
        }

        int chunks = buddy == Buddy.First ? fields.FirstChunks : fields.LastChunks;
        int offset = Chunks.Offset(buddy, chunks);
        zpage = offset..(offset + length);
        return Chunks.Of(length) == chunks && chunks is > 0 and <= Chunks.Usable;
    }

    // Over the header and all bytes behind the place where a header stands, or would stand.
    private static uint Checksum(
        ReadOnlySpan<byte> frame, ReadOnlySpan<byte> header, FrameKind kind, ulong drain = 0)
    {
        Crc32 crc = new();
        if (drain != 0)
        {
            crc.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in drain)));
        }

        crc.Append(header);
        crc.Append(kind == FrameKind.Zbud ? frame[FrameHeader.Bytes..] : frame);
        return crc.GetCurrentHashAsUInt32();
    }
}
