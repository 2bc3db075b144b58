using System.Runtime.CompilerServices;
using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The end of a zpage that is longer than a frame: a raw page that its client has sealed, 4,096 bytes and 26 of seal.
/// It lies in the header of the page's frame, where the owner record of a second zpage would stand, so it costs
/// nothing, and goes wherever header and frame go together: to the spill file, to another frame, through a drain.
/// Zeroes for all other zpages.
/// <para>A copy, for whoever looks at a pinned zpage without the shard's lock; the header is read under it.</para>
/// </summary>
[InlineArray(ZpageLimits.SealBytes)]
internal struct ZpageTail
{
    private byte _first;

    /// <summary>How many bytes of a zpage lie in its frame.</summary>
    /// <param name="length">Bytes of the zpage.</param>
    public static int InFrame(int length) => Math.Min(length, FrameArena.FrameBytes);

    /// <summary>The end of a zpage whose frame's header this is.</summary>
    /// <param name="spare">Of a headless frame what its header has to spare; else empty.</param>
    /// <param name="length">Bytes of the zpage.</param>
    /// <returns>Fewer bytes where a length has rotted; then the page's checksum is wrong.</returns>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> spare, int length) =>
        spare[..Math.Min(length - InFrame(length), spare.Length)];

    /// <summary>Copies the end of a zpage.</summary>
    public static ZpageTail Copy(ReadOnlySpan<byte> spare, int length)
    {
        ZpageTail tail = default;
        Of(spare, length).CopyTo(tail);
        return tail;
    }

    /// <summary>Puts a zpage into its frame, and its end into the frame's header.</summary>
    public static void Write(ReadOnlySpan<byte> zpage, Span<byte> frame, Span<byte> spare)
    {
        int inFrame = InFrame(zpage.Length);
        zpage[..inFrame].CopyTo(frame);
        zpage[inFrame..].CopyTo(spare);
    }

    /// <summary>Copies a zpage together.</summary>
    /// <param name="frame">Its bytes in the frame, and perhaps more.</param>
    /// <param name="spare">What its frame's header has to spare.</param>
    /// <param name="length">Bytes of the zpage.</param>
    /// <param name="zpage">Room for it.</param>
    public static void Read(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> spare, int length, Span<byte> zpage)
    {
        int inFrame = InFrame(length);
        frame[..inFrame].CopyTo(zpage);
        Of(spare, length).CopyTo(zpage[inFrame..]);
    }

    /// <summary>The checksum of a zpage; likewise.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> spare, int length)
    {
        if (length <= FrameArena.FrameBytes)
        {
            return PageChecksum.OfZpage(frame[..length]);
        }

        Span<byte> zpage = stackalloc byte[ZpageLimits.MaxBytes];
        zpage.Clear();
        Read(frame, spare, length, zpage);
        return PageChecksum.OfZpage(zpage[..Math.Min(length, zpage.Length)]);
    }
}
