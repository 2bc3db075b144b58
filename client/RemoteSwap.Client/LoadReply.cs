using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Client;

/// <summary>
/// Reads the reply of a load without trusting it. First the shape of the whole: where columns and bytes do not fit each
/// other nothing can be told from anything, and the call fails. Then each page by itself: what does not verify is
/// corrupt, and the others are none the worse.
/// </summary>
internal static class LoadReply
{
    /// <summary>Throws unless the reply has the shape that the wire contract gives it.</summary>
    /// <exception cref="RemoteSwapException">It has not; the message names field and value.</exception>
    public static void RequireShape(LoadResponse reply, in CallSubject subject)
    {
        int pages = subject.Slots.Length;
        RequireColumn("outcomes", reply.Outcomes.Count, pages, subject);
        RequireColumn("generations", reply.Generations.Count, pages, subject);
        RequireColumn("sizes", reply.Sizes.Count, pages, subject);
        RequireColumn("encodings", reply.Encodings.Count, pages, subject);
        RequireColumn("zpage_checksums", reply.ZpageChecksums.Count, pages, subject);
        RequireColumn("page_checksums", reply.PageChecksums.Count, pages, subject);

        long bytes = 0;
        for (int i = 0; i < pages; i++)
        {
            string? violation = PageViolation(reply, i);
            if (violation is not null)
            {
                throw CallFailure.Protocol(subject, $"{violation} (slot {subject.Slots.Span[i]})");
            }

            bytes += reply.Sizes[i];
        }

        if (bytes != reply.Zpages.Length)
        {
            throw CallFailure.Protocol(subject, $"sizes add up to {bytes} and zpages has {reply.Zpages.Length} bytes");
        }
    }

    /// <summary>Decodes and verifies the pages of a reply whose shape is right.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="area">The area.</param>
    /// <param name="slots">The slots that were asked for.</param>
    /// <param name="pages">Room for the pages; that of every page that is not loaded is cleared.</param>
    /// <param name="outcomes">Room for the outcomes.</param>
    public static void Unpack(
        LoadResponse reply,
        uint area,
        ReadOnlySpan<ulong> slots,
        Span<byte> pages,
        Span<LoadOutcome> outcomes)
    {
        ReadOnlySpan<byte> zpages = reply.Zpages.Span;
        int offset = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            int size = (int)reply.Sizes[i];
            ReadOnlySpan<byte> zpage = zpages.Slice(offset, size);
            offset += size;

            Span<byte> page = PageBytes.Of(pages, i);
            LoadOutcome outcome = OutcomeTable.Of(reply.Outcomes[i]);
            if (outcome == LoadOutcome.Loaded && !TryUnpack(reply, i, area, slots[i], zpage, page))
            {
                outcome = LoadOutcome.Corrupt;
            }

            if (outcome != LoadOutcome.Loaded)
            {
                page.Clear();
            }

            outcomes[i] = outcome;
        }
    }

    private static bool TryUnpack(
        LoadResponse reply,
        int index,
        uint area,
        ulong slot,
        ReadOnlySpan<byte> zpage,
        Span<byte> page)
    {
        // (1) The bytes are those that were sent and stored. (2) They decode. (3) It is the page that was stored.
        ulong generation = reply.Generations[index];
        return generation is > 0 and <= WireLimits.MaxGeneration
            && PageChecksum.OfZpage(zpage) == reply.ZpageChecksums[index]
            && PageCodec.Default.Decode(OutcomeTable.Of(reply.Encodings[index]), zpage, page) == ZpageFault.None
            && PageChecksum.OfPage(page, area, slot, generation) == reply.PageChecksums[index];
    }

    private static void RequireColumn(string name, int length, int pages, in CallSubject subject)
    {
        if (length != pages)
        {
            throw CallFailure.Protocol(subject, $"{name} has {length} elements instead of {pages}");
        }
    }

    private static string? PageViolation(LoadResponse reply, int index)
    {
        LoadOutcome outcome = OutcomeTable.Of(reply.Outcomes[index]);
        uint size = reply.Sizes[index];
        if (outcome == LoadOutcome.None)
        {
            return $"outcome {(int)reply.Outcomes[index]} is unknown";
        }

        if (size > PageSize.Bytes)
        {
            return $"size {size} is above {PageSize.Bytes}";
        }

        if (outcome != LoadOutcome.Loaded)
        {
            return size == 0 ? null : $"size is {size} where nothing was loaded";
        }

        return OutcomeTable.Of(reply.Encodings[index]) == ZpageEncoding.None
            ? $"encoding {(int)reply.Encodings[index]} is unknown"
            : null;
    }
}
