using RemoteSwap.Client.Records;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Messages;

/// <summary>
/// Reads the reply of a load without trusting it. First the shape of the whole: where columns and bytes do not fit each
/// other nothing can be told from anything, and the call fails. Then each page by itself: what does not verify is
/// corrupt, and the others are none the worse.
/// </summary>
internal static class LoadReply
{
    /// <summary>What is wrong with the shape of a reply, with field and value; null: nothing.</summary>
    /// <param name="reply">The reply's columns.</param>
    /// <param name="slots">The slots that were asked for.</param>
    public static string? Violation(ReplyColumns reply, ReadOnlySpan<ulong> slots)
    {
        int pages = slots.Length;
        string? violation = LengthViolation("outcomes", reply.OutcomeCount, pages)
            ?? LengthViolation("generations", reply.GenerationCount, pages)
            ?? LengthViolation("sizes", reply.SizeCount, pages)
            ?? LengthViolation("encodings", reply.EncodingCount, pages)
            ?? LengthViolation("zpage_checksums", reply.ZpageChecksumCount, pages)
            ?? LengthViolation("page_checksums", reply.PageChecksumCount, pages);
        if (violation is not null)
        {
            return violation;
        }

        long bytes = 0;
        for (int i = 0; i < pages; i++)
        {
            violation = PageViolation(reply, i);
            if (violation is not null)
            {
                return $"{violation} (slot {slots[i]})";
            }

            bytes += reply.Sizes[i];
        }

        return bytes == reply.Zpages.Length
            ? null
            : $"sizes add up to {bytes} and zpages has {reply.Zpages.Length} bytes";
    }

    /// <summary>Decodes and verifies one page of a reply whose shape is right.</summary>
    /// <param name="reply">The reply's columns.</param>
    /// <param name="index">Which page.</param>
    /// <param name="zpage">Its zpage.</param>
    /// <param name="name">Whose page, and what is known of it.</param>
    /// <param name="slot">The slot that was asked for.</param>
    /// <param name="begun">What was settled of it when the load began.</param>
    /// <param name="page">Room for the page; cleared if it is not loaded.</param>
    public static LoadOutcome Unpack(
        ReplyColumns reply,
        int index,
        ReadOnlySpan<byte> zpage,
        AreaName name,
        ulong slot,
        RecordMark begun,
        Span<byte> page)
    {
        LoadOutcome outcome = OutcomeOf(reply, index);
        if (outcome == LoadOutcome.Loaded && !TryUnpack(reply, index, name, slot, zpage, page))
        {
            outcome = LoadOutcome.Corrupt;
        }

        outcome = Judge(reply, index, name, slot, begun, outcome);
        if (outcome != LoadOutcome.Loaded)
        {
            page.Clear();
        }

        return outcome;
    }

    /// <summary>Checks one zpage of a reply whose shape is right, without decoding it.</summary>
    public static LoadOutcome Check(
        ReplyColumns reply, int index, ReadOnlySpan<byte> zpage, AreaName name, ulong slot, RecordMark begun)
    {
        LoadOutcome outcome = OutcomeOf(reply, index);
        if (outcome == LoadOutcome.Loaded && !IsIntact(reply, index, zpage))
        {
            outcome = LoadOutcome.Corrupt;
        }

        return Judge(reply, index, name, slot, begun, outcome);
    }

    // (4) It is the page that should be there.
    private static LoadOutcome Judge(
        ReplyColumns reply, int index, AreaName name, ulong slot, RecordMark begun, LoadOutcome outcome) =>
        name.Record is null
            ? outcome
            : name.Record.Judge(slot, begun, outcome, reply.Generations[index], reply.PageChecksums[index]);

    private static LoadOutcome OutcomeOf(ReplyColumns reply, int index) =>
        OutcomeTable.Of((V1.LoadOutcome)reply.Outcomes[index]);

    private static ZpageEncoding EncodingOf(ReplyColumns reply, int index) =>
        OutcomeTable.Of((V1.Encoding)reply.Encodings[index]);

    // (1) The bytes are those that were sent and stored. Sealed ones mean nothing to who hands zpages on.
    private static bool IsIntact(ReplyColumns reply, int index, ReadOnlySpan<byte> zpage) =>
        EncodingOf(reply, index) != ZpageEncoding.Sealed
        && reply.Generations[index] is > 0 and <= WireLimits.MaxGeneration
        && PageChecksum.OfZpage(zpage) == reply.ZpageChecksums[index];

    // (1), (2) They decode. (3) It is the page that was stored.
    private static bool TryUnpack(
        ReplyColumns reply,
        int index,
        AreaName name,
        ulong slot,
        ReadOnlySpan<byte> zpage,
        Span<byte> page)
    {
        ZpageIdentity identity = new(
            zpage.Length, EncodingOf(reply, index), reply.ZpageChecksums[index], reply.PageChecksums[index]);
        return PageForm.TryDecode(
            name.Seal, name.Area, slot, reply.Generations[index], zpage, in identity, page);
    }

    private static string? LengthViolation(string name, int length, int pages) =>
        length == pages ? null : $"{name} has {length} elements instead of {pages}";

    private static string? PageViolation(ReplyColumns reply, int index)
    {
        LoadOutcome outcome = OutcomeOf(reply, index);
        uint size = reply.Sizes[index];
        if (outcome == LoadOutcome.None)
        {
            return $"outcome {(int)reply.Outcomes[index]} is unknown";
        }

        int most = EncodingOf(reply, index) == ZpageEncoding.Sealed ? ZpageLimits.MaxBytes : PageSize.Bytes;
        if (size > most)
        {
            return $"size {size} is above {most}";
        }

        if (outcome != LoadOutcome.Loaded)
        {
            return size == 0 ? null : $"size is {size} where nothing was loaded";
        }

        return EncodingOf(reply, index) == ZpageEncoding.None
            ? $"encoding {(int)reply.Encodings[index]} is unknown"
            : null;
    }
}
