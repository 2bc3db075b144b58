using System.Buffers;
using RemoteSwap.Client.Exchange;
using RemoteSwap.Client.Messages;
using RemoteSwap.Codec;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.V1;
using ClientInvalidateOutcome = RemoteSwap.Client.InvalidateOutcome;
using ClientLoadOutcome = RemoteSwap.Client.LoadOutcome;
using ClientStoreOutcome = RemoteSwap.Client.StoreOutcome;

namespace RemoteSwap.Fuzz.Wire;

/// <summary>
/// Replies that the client reads by hand, against the generated code's reading; and then taken apart without trust, as
/// production does. A page that comes out as loaded carries its checksum.
/// </summary>
internal static class ReplyJudge
{
    private const int MaxPages = 512;

    public static void Pages(byte[] message, int piece)
    {
        ReplyColumns columns = new();
        if (!columns.TryReadPages(SegmentedBytes.Cut(message, piece)))
        {
            return;
        }

        if (Generated.Read(LoadResponse.Parser, message) is { } reply)
        {
            FindingException.Unless(
                IsSame(columns.OutcomeCount, columns.Outcomes, reply.Outcomes.Select(value => (uint)value))
                && IsSame(columns.GenerationCount, columns.Generations, reply.Generations)
                && IsSame(columns.SizeCount, columns.Sizes, reply.Sizes)
                && IsSame(columns.EncodingCount, columns.Encodings, reply.Encodings.Select(value => (uint)value))
                && IsSame(columns.ZpageChecksumCount, columns.ZpageChecksums, reply.ZpageChecksums)
                && IsSame(columns.PageChecksumCount, columns.PageChecksums, reply.PageChecksums)
                && reply.Zpages.Span.SequenceEqual(columns.Zpages.ToArray()),
                "a Load's reply was read as another");
        }

        ulong[] slots = [.. Enumerable.Range(0, Math.Min(columns.OutcomeCount, MaxPages)).Select(slot => (ulong)slot)];
        if (slots.Length == 0 || LoadReply.Violation(columns, slots) is not null)
        {
            return;
        }

        Unpack(columns, slots);
    }

    private static void Unpack(ReplyColumns columns, ulong[] slots)
    {
        byte[] zpages = columns.Zpages.ToArray();
        byte[] page = new byte[PageSize.Bytes];
        AreaName area = new(FuzzServer.TenantName, area: 1);
        int offset = 0;
        for (int index = 0; index < slots.Length; index++)
        {
            int size = (int)columns.Sizes[index];
            ClientLoadOutcome outcome = LoadReply.Unpack(
                columns, index, zpages.AsSpan(offset, size), area, slots[index], default, page);
            offset += size;
            bool isProven = PageChecksum.OfPage(page, area.Area, slots[index], columns.Generations[index])
                == columns.PageChecksums[index];
            FindingException.Unless(outcome != ClientLoadOutcome.Loaded || isProven, "a page without proof is loaded");
            FindingException.Unless(
                outcome == ClientLoadOutcome.Loaded || !page.AsSpan().ContainsAnyExcept((byte)0),
                "a page that is not loaded has bytes");
        }
    }

    public static void Outcomes(byte[] message, int piece)
    {
        ReplyColumns columns = new();
        if (!columns.TryReadOutcomes(SegmentedBytes.Cut(message, piece)))
        {
            return;
        }

        if (Generated.Read(InvalidateResponse.Parser, message) is { } reply)
        {
            FindingException.Unless(
                IsSame(columns.OutcomeCount, columns.Outcomes, reply.Outcomes.Select(value => (uint)value))
                && columns.RangePages == reply.RangePages && columns.AreRangesFenced == reply.RangesFenced,
                "a reply with outcomes was read as another");
        }

        int count = Math.Min(columns.OutcomeCount, MaxPages);
        ulong[] slots = new ulong[count];
        _ = OutcomeReply.Read(columns, slots, new ClientStoreOutcome[count].AsSpan());
        _ = OutcomeReply.Read(columns, slots, new ClientInvalidateOutcome[count].AsSpan());
    }

    public static void Envelope(byte[] message, int piece)
    {
        if (!ReplyEnvelope.TryRead(SegmentedBytes.Cut(message, piece), out ReplyEnvelope envelope))
        {
            return;
        }

        bool isWelcome = envelope.TryReadWelcome(out uint maxRequests, out ulong maxBytes, out ulong incarnation);
        _ = envelope.ReadFailure();
        if (Generated.Read(ExchangeResponse.Parser, message) is not { } reply)
        {
            return;
        }

        FindingException.Unless(
            reply.RequestId == envelope.RequestId && (int)reply.ResultCase == envelope.Field,
            "a reply was read as another");

        // Of a welcome that came in parts the format has them joined; no server sends one so.
        if (isWelcome && Generated.Read(ExchangeWelcome.Parser, envelope.Result.ToArray()) is { } welcome)
        {
            FindingException.Unless(
                welcome.MaxRequests == maxRequests && welcome.MaxBytes == maxBytes
                && welcome.Incarnation == incarnation,
                "a welcome was read as another");
        }
    }

    private static bool IsSame<T>(int count, T[] column, IEnumerable<T> expected)
    {
        T[] wanted = [.. expected];
        int inside = Math.Min(wanted.Length, column.Length);
        return count == wanted.Length && column.AsSpan(0, inside).SequenceEqual(wanted.AsSpan(0, inside));
    }
}
