using System.Buffers;
using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Client.Messages;

/// <summary>
/// Reads the columns of a reply out of its message, which stays where the transport put it: the zpages are a slice of
/// it. Counts say how many elements came, also beyond the room; whoever uses a column checks its count first.
/// <para>Nothing is judged here but whether the bytes are a message. Made once and used again; one user at a
/// time.</para>
/// </summary>
internal sealed class ReplyColumns
{
    /// <summary>Says that the bytes of a reply are no message.</summary>
    public const string NoMessage = "its bytes are no message";

    /// <summary>Outcomes, as numbers of the wire.</summary>
    public uint[] Outcomes { get; } = new uint[WireLimits.MaxBatchPages];

    /// <summary>Generations.</summary>
    public ulong[] Generations { get; } = new ulong[WireLimits.MaxBatchPages];

    /// <summary>Bytes of the zpages.</summary>
    public uint[] Sizes { get; } = new uint[WireLimits.MaxBatchPages];

    /// <summary>Encodings, as numbers of the wire.</summary>
    public uint[] Encodings { get; } = new uint[WireLimits.MaxBatchPages];

    /// <summary>Checksums of the zpages.</summary>
    public uint[] ZpageChecksums { get; } = new uint[WireLimits.MaxBatchPages];

    /// <summary>Checksums of the pages.</summary>
    public uint[] PageChecksums { get; } = new uint[WireLimits.MaxBatchPages];

    /// <summary>Outcomes that came.</summary>
    public int OutcomeCount { get; private set; }

    /// <summary>Generations that came.</summary>
    public int GenerationCount { get; private set; }

    /// <summary>Sizes that came.</summary>
    public int SizeCount { get; private set; }

    /// <summary>Encodings that came.</summary>
    public int EncodingCount { get; private set; }

    /// <summary>Checksums of zpages that came.</summary>
    public int ZpageChecksumCount { get; private set; }

    /// <summary>Checksums of pages that came.</summary>
    public int PageChecksumCount { get; private set; }

    /// <summary>All zpages; a part of the message, and not longer there than it.</summary>
    public ReadOnlySequence<byte> Zpages { get; private set; }

    /// <summary>
    /// All zpages in one piece: where they lie, unless the transport left them in several, which this one does not.
    /// </summary>
    public ReadOnlySpan<byte> ZpageBytes => Zpages.IsSingleSegment ? Zpages.FirstSpan : Zpages.ToArray();

    /// <summary>The number beside the outcomes: pages that ranges held.</summary>
    public ulong RangePages { get; private set; }

    /// <summary>Of a store: when the server wishes refused pages again, in milliseconds; 0: it does not.</summary>
    public uint RetryAfterMilliseconds { get; private set; }

    /// <summary>The flag beside them: somebody else owns the area, and ranges were not worked off.</summary>
    public bool AreRangesFenced { get; private set; }

    /// <summary>Reads the reply to a store or an invalidation.</summary>
    /// <returns>Whether the bytes are a message.</returns>
    public bool TryReadOutcomes(ReadOnlySequence<byte> message)
    {
        int outcomes = 0;
        RangePages = 0;
        RetryAfterMilliseconds = 0;
        AreRangesFenced = false;
        MessageReader reader = new(message);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field)
            {
                case InvalidateResponse.OutcomesFieldNumber:
                    reader.ReadColumn(type, Outcomes, ref outcomes);
                    break;
                case InvalidateResponse.RangePagesFieldNumber when type == WireType.Varint:
                    RangePages = reader.ReadVarint();
                    break;
                case InvalidateResponse.RangesFencedFieldNumber when type == WireType.Varint:
                    AreRangesFenced = reader.ReadVarint() != 0;
                    break;
                case StoreResponse.RetryAfterMsFieldNumber when type == WireType.Varint:
                    RetryAfterMilliseconds = (uint)Math.Min(reader.ReadVarint(), uint.MaxValue);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        OutcomeCount = outcomes;
        return !reader.IsMalformed;
    }

    /// <summary>Reads the reply to a load or a ping, which have the same fields.</summary>
    /// <returns>Whether the bytes are a message.</returns>
    public bool TryReadPages(ReadOnlySequence<byte> message)
    {
        int outcomes = 0;
        int generations = 0;
        int sizes = 0;
        int encodings = 0;
        int zpageChecksums = 0;
        int pageChecksums = 0;
        Zpages = default;
        MessageReader reader = new(message);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field)
            {
                case LoadResponse.OutcomesFieldNumber:
                    reader.ReadColumn(type, Outcomes, ref outcomes);
                    break;
                case LoadResponse.GenerationsFieldNumber:
                    reader.ReadColumn(type, Generations, ref generations);
                    break;
                case LoadResponse.SizesFieldNumber:
                    reader.ReadColumn(type, Sizes, ref sizes);
                    break;
                case LoadResponse.EncodingsFieldNumber:
                    reader.ReadColumn(type, Encodings, ref encodings);
                    break;
                case LoadResponse.ZpageChecksumsFieldNumber:
                    reader.ReadFixedColumn(type, ZpageChecksums, ref zpageChecksums);
                    break;
                case LoadResponse.PageChecksumsFieldNumber:
                    reader.ReadFixedColumn(type, PageChecksums, ref pageChecksums);
                    break;
                case LoadResponse.ZpagesFieldNumber when type == WireType.Length:
                    Zpages = reader.ReadBytes();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        OutcomeCount = outcomes;
        GenerationCount = generations;
        SizeCount = sizes;
        EncodingCount = encodings;
        ZpageChecksumCount = zpageChecksums;
        PageChecksumCount = pageChecksums;
        return !reader.IsMalformed;
    }

    /// <summary>Lets go of the message.</summary>
    public void Forget() => Zpages = default;
}
