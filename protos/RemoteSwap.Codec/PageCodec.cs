using System.Runtime.InteropServices;

namespace RemoteSwap.Codec;

/// <summary>
/// Turns pages into zpages and back; the one place that knows what each encoding means. Stateless but for its block
/// codec; may be shared.
/// </summary>
public sealed class PageCodec
{
    private readonly IBlockCodec _blocks;

    /// <summary>Creates a codec.</summary>
    /// <param name="blocks">What compresses.</param>
    public PageCodec(IBlockCodec blocks) => _blocks = blocks;

    /// <summary>A codec that needs nothing installed.</summary>
    public static PageCodec Default { get; } = new(K4osBlockCodec.Instance);

    /// <summary>The block codec's name, for reports.</summary>
    public string BlockCodecName => _blocks.Name;

    /// <summary>
    /// Encodes a page in the cheapest way: a word, a block if that saves a part of a frame, or as it is.
    /// </summary>
    /// <param name="page">Exactly 4,096 bytes.</param>
    /// <param name="zpage">Room for 4,096 bytes.</param>
    /// <param name="encoding">How it was encoded.</param>
    /// <returns>Bytes of the zpage.</returns>
    public int Encode(ReadOnlySpan<byte> page, Span<byte> zpage, out ZpageEncoding encoding)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(page.Length, PageSize.Bytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(zpage.Length, PageSize.Bytes);

        if (SameFilledPage.TryGetWord(page, out ulong word))
        {
            MemoryMarshal.Write(zpage, in word);
            encoding = ZpageEncoding.Fill;
            return ZpageLimits.FillBytes;
        }

        int blockBytes = _blocks.Encode(page, zpage[..ZpageLimits.MaxCompressedBytes]);
        if (blockBytes > 0)
        {
            encoding = ZpageEncoding.Lz4;
            return blockBytes;
        }

        page.CopyTo(zpage);
        encoding = ZpageEncoding.Raw;
        return PageSize.Bytes;
    }

    /// <summary>Decodes a zpage. Nothing outside the spans is read or written, whatever the bytes.</summary>
    /// <param name="encoding">How it is encoded.</param>
    /// <param name="zpage">The zpage.</param>
    /// <param name="page">Room for exactly 4,096 bytes; undefined after a fault.</param>
    public ZpageFault Decode(ZpageEncoding encoding, ReadOnlySpan<byte> zpage, Span<byte> page)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(page.Length, PageSize.Bytes);

        ZpageFault fault = CheckLength(encoding, zpage.Length);
        if (fault != ZpageFault.None)
        {
            return fault;
        }

        switch (encoding)
        {
            case ZpageEncoding.Fill:
                SameFilledPage.Fill(page, MemoryMarshal.Read<ulong>(zpage));
                return ZpageFault.None;
            case ZpageEncoding.Raw:
                zpage.CopyTo(page);
                return ZpageFault.None;
            default:
                return _blocks.TryDecode(zpage, page) ? ZpageFault.None : ZpageFault.MalformedBlock;
        }
    }

    /// <summary>Checks a zpage that a peer sent, without decoding it.</summary>
    /// <param name="encoding">The encoding that the peer claims.</param>
    /// <param name="zpage">The zpage, of the length that the peer claims.</param>
    /// <param name="zpageChecksum">The checksum that the peer claims.</param>
    public static ZpageFault Check(ZpageEncoding encoding, ReadOnlySpan<byte> zpage, uint zpageChecksum)
    {
        ZpageFault fault = CheckLength(encoding, zpage.Length);
        if (fault != ZpageFault.None)
        {
            return fault;
        }

        if (PageChecksum.OfZpage(zpage) != zpageChecksum)
        {
            return ZpageFault.WrongZpageChecksum;
        }

        return encoding != ZpageEncoding.Lz4 || Lz4BlockFormat.DecodesToOnePage(zpage)
            ? ZpageFault.None
            : ZpageFault.MalformedBlock;
    }

    private static ZpageFault CheckLength(ZpageEncoding encoding, int bytes) => encoding switch
    {
        ZpageEncoding.Fill => bytes == ZpageLimits.FillBytes ? ZpageFault.None : ZpageFault.WrongLength,
        ZpageEncoding.Raw => bytes == PageSize.Bytes ? ZpageFault.None : ZpageFault.WrongLength,
        ZpageEncoding.Lz4 => bytes is > 0 and <= PageSize.Bytes ? ZpageFault.None : ZpageFault.WrongLength,
        _ => ZpageFault.UnknownEncoding,
    };
}
