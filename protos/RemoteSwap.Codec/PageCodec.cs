using System.Runtime.InteropServices;

namespace RemoteSwap.Codec;

/// <summary>
/// Turns pages into zpages and back; the one place that knows what each encoding means. Stateless but for its block
/// codec; may be shared.
/// </summary>
public sealed class PageCodec
{
    // Not made by a static constructor: its exception would hide what is wrong in an inner one.
    private static readonly Lazy<PageCodec> s_default = new(() => new PageCodec(
        BlockCodecChoice.Of(
            Environment.GetEnvironmentVariable(BlockCodecChoice.Variable), NativeLz4BlockCodec.LibraryNames)));

    private readonly IBlockCodec _blocks;

    /// <summary>Creates a codec.</summary>
    /// <param name="blocks">What compresses.</param>
    public PageCodec(IBlockCodec blocks) => _blocks = blocks;

    /// <summary>
    /// The process's codec: the fastest that can be had, chosen once. That is the installed liblz4 (1.9.2 or newer) if
    /// it passes a self-test, else the managed codec, which needs nothing installed. The environment variable
    /// REMOTESWAP_CODEC forces one: <c>k4os</c> or <c>native</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The variable has another value, or demands liblz4 where it cannot be
    /// used.</exception>
    public static PageCodec Default => s_default.Value;

    /// <summary>The block codec's name, for reports.</summary>
    public string BlockCodecName => _blocks.Name;

    /// <summary>
    /// Encodes a page in the cheapest way: a word, a block if that saves a part of a frame, or as it is.
    /// </summary>
    /// <param name="page">Exactly 4,096 bytes.</param>
    /// <param name="zpage">Room for 4,096 bytes.</param>
    /// <param name="encoding">How it was encoded.</param>
    /// <param name="maxBlockBytes">The largest LZ4 block that saves anything.</param>
    /// <returns>Bytes of the zpage.</returns>
    public int Encode(
        ReadOnlySpan<byte> page,
        Span<byte> zpage,
        out ZpageEncoding encoding,
        int maxBlockBytes = ZpageLimits.MaxCompressedBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(page.Length, PageSize.Bytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(zpage.Length, PageSize.Bytes);

        if (SameFilledPage.TryGetWord(page, out ulong word))
        {
            MemoryMarshal.Write(zpage, in word);
            encoding = ZpageEncoding.Fill;
            return ZpageLimits.FillBytes;
        }

        int blockBytes = _blocks.Encode(page, zpage[..maxBlockBytes]);
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
            case ZpageEncoding.Sealed:
                // Whoever has the key opens it first.
                return ZpageFault.Sealed;
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
        ZpageFault fault = CheckSum(encoding, zpage, zpageChecksum);
        return fault == ZpageFault.None && encoding == ZpageEncoding.Lz4 && !Lz4BlockFormat.DecodesToOnePage(zpage)
            ? ZpageFault.MalformedBlock
            : fault;
    }

    /// <summary>
    /// Checks the zpages of a batch as <see cref="Check"/> does one by one, and up to the first that has a fault. It
    /// takes less time than that: blocks are walked three at a time.
    /// </summary>
    /// <param name="encodings">The encodings that the peer claims.</param>
    /// <param name="sizes">Bytes of each zpage.</param>
    /// <param name="zpageChecksums">The checksums that the peer claims.</param>
    /// <param name="zpages">All zpages, back to back.</param>
    /// <param name="walksBlocks">Whether the structure of LZ4 blocks is checked too.</param>
    /// <param name="fault">What is wrong with the first one that has a fault.</param>
    /// <returns>Its index; the number of zpages if there is none.</returns>
    /// <exception cref="ArgumentException">The columns differ in length, or the sizes are not those of the
    /// zpages.</exception>
    public static int CheckAll(
        ReadOnlySpan<ZpageEncoding> encodings,
        ReadOnlySpan<int> sizes,
        ReadOnlySpan<uint> zpageChecksums,
        ReadOnlySpan<byte> zpages,
        bool walksBlocks,
        out ZpageFault fault)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(encodings.Length, sizes.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(zpageChecksums.Length, sizes.Length);

        fault = ZpageFault.None;
        int offset = 0;
        int first = 0;
        for (; first < sizes.Length; first++)
        {
            ReadOnlySpan<byte> zpage = zpages.Slice(offset, sizes[first]);
            fault = CheckSum(encodings[first], zpage, zpageChecksums[first]);
            if (fault != ZpageFault.None)
            {
                break;
            }

            offset += zpage.Length;
        }

        int malformed = walksBlocks
            ? Lz4BlockBatch.FirstMalformed(encodings[..first], sizes[..first], zpages)
            : first;
        if (malformed < first)
        {
            first = malformed;
            fault = ZpageFault.MalformedBlock;
        }

        return first;
    }

    private static ZpageFault CheckSum(ZpageEncoding encoding, ReadOnlySpan<byte> zpage, uint zpageChecksum)
    {
        ZpageFault fault = CheckLength(encoding, zpage.Length);
        return fault == ZpageFault.None && PageChecksum.OfZpage(zpage) != zpageChecksum
            ? ZpageFault.WrongZpageChecksum
            : fault;
    }

    private static ZpageFault CheckLength(ZpageEncoding encoding, int bytes) => encoding switch
    {
        ZpageEncoding.Fill => bytes == ZpageLimits.FillBytes ? ZpageFault.None : ZpageFault.WrongLength,
        ZpageEncoding.Raw => bytes == PageSize.Bytes ? ZpageFault.None : ZpageFault.WrongLength,
        ZpageEncoding.Lz4 => bytes is > 0 and <= PageSize.Bytes ? ZpageFault.None : ZpageFault.WrongLength,
        ZpageEncoding.Sealed => IsSealedLength(bytes) ? ZpageFault.None : ZpageFault.WrongLength,
        _ => ZpageFault.UnknownEncoding,
    };

    // At least a byte of ciphertext; and either fit to stand beside another zpage, or a raw page.
    private static bool IsSealedLength(int bytes) =>
        bytes is (> ZpageLimits.SealBytes and <= ZpageLimits.MaxCompressedBytes) or ZpageLimits.MaxBytes;
}
