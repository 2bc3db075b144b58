using Google.Protobuf;
using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.EndToEnd.Tests.Million;

/// <summary>
/// 512 pages as a guest may have them: a tenth of one repeated word, one in a hundred incompressible, the rest LZ4
/// blocks
/// of 700 to 2,000 bytes. Batches differ in their slots and page checksums only, so that the client costs little.
/// </summary>
internal sealed class PageMix
{
    /// <summary>Pages of a batch.</summary>
    public const int BatchPages = 512;

    private const int Kinds = 100;
    private const int FilledOfHundred = 10;
    private const int RawOfHundred = 1;

    private readonly uint[] _sizes = new uint[BatchPages];
    private readonly Encoding[] _encodings = new Encoding[BatchPages];
    private readonly uint[] _zpageChecksums = new uint[BatchPages];
    private readonly byte[][] _pages = new byte[BatchPages][];
    private readonly uint[] _contentChecksums = new uint[BatchPages];
    private readonly ByteString _zpages;

    public PageMix()
    {
        using MemoryStream zpages = new();
        byte[] zpage = new byte[PageSize.Bytes];
        for (int i = 0; i < BatchPages; i++)
        {
            _pages[i] = PageOf(i % Kinds);
            int size = PageCodec.Default.Encode(_pages[i], zpage, out ZpageEncoding encoding);
            _sizes[i] = (uint)size;
            _encodings[i] = (Encoding)encoding;
            _zpageChecksums[i] = PageChecksum.OfZpage(zpage.AsSpan(0, size));
            _contentChecksums[i] = PageChecksum.OfZpage(_pages[i]);
            zpages.Write(zpage, 0, size);
        }

        _zpages = ByteString.CopyFrom(zpages.ToArray());
    }

    /// <summary>Bytes of the zpages of a batch.</summary>
    public int ZpageBytes => _zpages.Length;

    /// <summary>Sizes of the LZ4 blocks, smallest and largest.</summary>
    public (uint Least, uint Most) BlockBytes
    {
        get
        {
            uint[] blocks = [.. _sizes.Where((_, i) => _encodings[i] == Encoding.Lz4)];
            return (blocks.Min(), blocks.Max());
        }
    }

    /// <summary>Pages of a batch that are one repeated word.</summary>
    public int FilledPages => _encodings.Count(encoding => encoding == Encoding.Fill);

    /// <summary>The generation of the pages: a slot that was emptied takes newer ones only.</summary>
    public ulong Generation { get; set; } = 1;

    /// <summary>A Store of the batch at a place.</summary>
    public StoreRequest Store(ulong first, int pages)
    {
        StoreRequest request = new() { Tenant = "default" };
        int bytes = 0;
        for (int i = 0; i < pages; i++)
        {
            request.Slots.Add(first + (ulong)i);
            request.Generations.Add(Generation);
            request.Sizes.Add(_sizes[i]);
            request.Encodings.Add(_encodings[i]);
            request.ZpageChecksums.Add(_zpageChecksums[i]);
            request.PageChecksums.Add(Bound(i, first + (ulong)i));
            bytes += (int)_sizes[i];
        }

        request.Zpages = bytes == _zpages.Length ? _zpages : ByteString.CopyFrom(_zpages.Span[..bytes]);
        return request;
    }

    /// <summary>A Load of the batch at a place.</summary>
    public static LoadRequest Load(ulong first, int pages)
    {
        LoadRequest request = new() { Tenant = "default" };
        for (int i = 0; i < pages; i++)
        {
            request.Slots.Add(first + (ulong)i);
        }

        return request;
    }

    /// <summary>Tells whether a reply holds the batch as it was stored at a place, bit for bit.</summary>
    public bool IsWhole(LoadResponse response, ulong first, int pages)
    {
        bool whole = response.Outcomes.Count == pages
            && response.Sizes.SequenceEqual(_sizes.Take(pages))
            && response.Encodings.SequenceEqual(_encodings.Take(pages))
            && response.Zpages.Span.SequenceEqual(_zpages.Span[..response.Zpages.Length]);
        for (int i = 0; whole && i < pages; i++)
        {
            whole = response.Outcomes[i] == LoadOutcome.Loaded
                && response.Generations[i] == Generation
                && response.ZpageChecksums[i] == _zpageChecksums[i]
                && response.PageChecksums[i] == Bound(i, first + (ulong)i);
        }

        return whole;
    }

    private static byte[] PageOf(int kind)
    {
        if (kind < FilledOfHundred)
        {
            return PageKinds.Filled((ulong)kind);
        }

        byte[] page = PageKinds.Noise(kind);
        if (kind >= FilledOfHundred + RawOfHundred)
        {
            // Noise of 680 to 1,930 bytes, then a run: LZ4 keeps the one and shrinks the other.
            page.AsSpan(680 + (kind * 19 % 1250)).Fill((byte)kind);
        }

        return page;
    }

    // The page checksum is the page's CRC-32 with that of its identity: the first is computed once.
    private uint Bound(int page, ulong slot) =>
        _contentChecksums[page] ^ PageChecksum.OfPage(_pages[0], 0, slot, Generation) ^ _contentChecksums[0];
}
