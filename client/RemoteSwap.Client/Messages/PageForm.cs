using System.Runtime.InteropServices;
using RemoteSwap.Client.Sealing;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Messages;

/// <summary>
/// Pages in the form in which they travel, and back: encoded, and of an area that is sealed, sealed. The one place that
/// knows which pages an area takes: where pages are sealed, one that is not is nobody's, however well its checksums
/// fit, for anybody can compute those.
/// <para>Stateless but for a buffer of the thread's own.</para>
/// </summary>
internal static class PageForm
{
    [ThreadStatic]
    private static byte[]? t_opened;

    /// <summary>Encodes a page as the content of one slot at one generation.</summary>
    /// <param name="name">Whose page.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="generation">Its generation, which no other page of the area has got from this connection.</param>
    /// <param name="page">Exactly 4,096 bytes.</param>
    /// <param name="zpage">Room for <see cref="AreaName.MaxZpageBytes"/>.</param>
    public static ZpageIdentity Encode(
        AreaName name, ulong slot, ulong generation, ReadOnlySpan<byte> page, Span<byte> zpage)
    {
        int size;
        uint pageChecksum;
        ZpageEncoding encoding;
        if (name.Seal is not { } sealer)
        {
            size = PageCodec.Default.Encode(page, zpage, out encoding);
            pageChecksum = PageChecksum.OfPage(page, name.Area, slot, generation);
        }
        else
        {
            size = PageCodec.Default.Encode(page, zpage, out encoding, ZpageLimits.MaxSealedBlockBytes);
            if (encoding == ZpageEncoding.Fill && sealer.Fill == SealFill.Clear)
            {
                pageChecksum = sealer.FillChecksum(slot, generation, MemoryMarshal.Read<ulong>(zpage));
            }
            else
            {
                size = sealer.Seal(slot, generation, encoding, zpage, size, out pageChecksum);
                encoding = ZpageEncoding.Sealed;
            }
        }

        return new ZpageIdentity(size, encoding, PageChecksum.OfZpage(zpage[..size]), pageChecksum);
    }

    /// <summary>Decodes a zpage and proves that it is the page of that slot and generation.</summary>
    /// <param name="sealer">What opens it; null: the area is not sealed.</param>
    /// <param name="area">The area.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="zpage">The zpage.</param>
    /// <param name="identity">What came beside it.</param>
    /// <param name="page">Room for 4,096 bytes; undefined if it is not the page.</param>
    /// <returns>Whether it is.</returns>
    public static bool TryDecode(
        AreaSealer? sealer,
        uint area,
        ulong slot,
        ulong generation,
        ReadOnlySpan<byte> zpage,
        in ZpageIdentity identity,
        Span<byte> page)
    {
        if (generation is 0 or > WireLimits.MaxGeneration)
        {
            return false;
        }

        if (identity.Encoding == ZpageEncoding.Sealed)
        {
            // The tag proves more than both checksums would.
            return sealer is not null && zpage.Length > ZpageLimits.SealBytes
                && TryOpen(sealer, slot, generation, zpage, identity.PageChecksum, page);
        }

        if (PageChecksum.OfZpage(zpage) != identity.ZpageChecksum)
        {
            return false;
        }

        if (sealer is not null)
        {
            return identity.Encoding == ZpageEncoding.Fill && sealer.Fill == SealFill.Clear
                && PageCodec.Default.Decode(ZpageEncoding.Fill, zpage, page) == ZpageFault.None
                && sealer.IsFill(slot, generation, MemoryMarshal.Read<ulong>(zpage), identity.PageChecksum);
        }

        return PageCodec.Default.Decode(identity.Encoding, zpage, page) == ZpageFault.None
            && PageChecksum.OfPage(page, area, slot, generation) == identity.PageChecksum;
    }

    private static bool TryOpen(
        AreaSealer sealer, ulong slot, ulong generation, ReadOnlySpan<byte> zpage, uint checksum, Span<byte> page)
    {
        int length = zpage.Length - ZpageLimits.SealBytes;
        if (length == PageSize.Bytes)
        {
            return AreaSealer.InnerOf(zpage) == ZpageEncoding.Raw
                && sealer.TryOpen(slot, generation, zpage, checksum, page);
        }

        Span<byte> opened = (t_opened ??= new byte[PageSize.Bytes]).AsSpan(0, length);
        return sealer.TryOpen(slot, generation, zpage, checksum, opened)
            && PageCodec.Default.Decode(AreaSealer.InnerOf(zpage), opened, page) == ZpageFault.None;
    }
}
