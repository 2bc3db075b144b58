using Google.Protobuf;
using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>Changes single pages in the reply of a load.</summary>
internal static class LoadResponseEdits
{
    /// <summary>The zpage of one page.</summary>
    public static byte[] Zpage(this LoadResponse reply, int page) =>
        reply.Zpages.Span.Slice(reply.Sizes.Take(page).Sum(s => (int)s), (int)reply.Sizes[page]).ToArray();

    /// <summary>Gives a page another zpage, with size and zpage checksum to match.</summary>
    public static void Replace(this LoadResponse reply, int page, byte[] zpage)
    {
        int start = reply.Sizes.Take(page).Sum(s => (int)s);
        ReadOnlySpan<byte> all = reply.Zpages.Span;
        reply.Zpages = ByteString.CopyFrom([.. all[..start], .. zpage, .. all[(start + (int)reply.Sizes[page])..]]);
        reply.Sizes[page] = (uint)zpage.Length;
        reply.ZpageChecksums[page] = PageChecksum.OfZpage(zpage);
    }

    /// <summary>Changes the bytes of a zpage.</summary>
    public static void Rewrite(this LoadResponse reply, int page, Action<Span<byte>> change, bool fixChecksum = true)
    {
        uint checksum = reply.ZpageChecksums[page];
        byte[] zpage = reply.Zpage(page);
        change(zpage);
        reply.Replace(page, zpage);
        reply.ZpageChecksums[page] = fixChecksum ? reply.ZpageChecksums[page] : checksum;
    }

    /// <summary>Answers with the zpage of another slot.</summary>
    public static void TakeFrom(this LoadResponse reply, int page, int other, bool withGeneration)
    {
        reply.Replace(page, reply.Zpage(other));
        reply.Encodings[page] = reply.Encodings[other];
        reply.PageChecksums[page] = reply.PageChecksums[other];
        reply.Generations[page] = withGeneration ? reply.Generations[other] : reply.Generations[page];
    }
}
