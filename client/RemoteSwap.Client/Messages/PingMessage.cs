using RemoteSwap.Codec;
using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Client.Messages;

/// <summary>
/// Builds and checks pings. Their columns hold numbers of the size that real ones have, because the wire format writes
/// small numbers shorter.
/// </summary>
internal static class PingMessage
{
    private const ulong TypicalGeneration = 1UL << 50;
    private const uint TypicalChecksum = 0xFFFF_FFFF;
    private const int Columns = 6;
    private const int MaxColumnBytesEach = 2 + 8 + 2 + 1 + (2 * sizeof(uint));
    private const int NumberBytes = 3 * (1 + 2);

    // Never written to, so that all pings may share it.
    private static readonly byte[] s_bytes = new byte[WireLimits.MaxBatchPages * PageSize.Bytes];
    private static readonly ulong[] s_slots = [.. Enumerable.Range(0, WireLimits.MaxBatchPages).Select(i => (ulong)i)];

    /// <summary>Builds a request of the shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape is out of its ranges.</exception>
    public static void Build(RequestMessage message, PingShape shape)
    {
        RequireRange(shape.StorePages, WireLimits.MaxBatchPages, nameof(shape.StorePages));
        RequireRange(shape.StorePageBytes, PageSize.Bytes, nameof(shape.StorePageBytes));
        RequireRange(shape.LoadPages, WireLimits.MaxBatchPages, nameof(shape.LoadPages));
        RequireRange(shape.LoadPageBytes, PageSize.Bytes, nameof(shape.LoadPageBytes));

        int pages = shape.StorePages;
        int slots = pages > 0 ? pages : shape.LoadPages;
        int zpageBytes = pages * shape.StorePageBytes;
        message.Begin(MessageWriter.OpenBytes + zpageBytes + NumberBytes
            + (Columns * MessageWriter.ColumnBytes(0, 0)) + (slots * MaxColumnBytesEach));
        MessageWriter writer = new(message.Room);
        writer.WriteBytes(PingRequest.ZpagesFieldNumber, s_bytes.AsSpan(0, zpageBytes));

        StoreColumns columns = StoreColumns.Own;
        for (int page = 0; page < pages; page++)
        {
            ZpageIdentity identity = new(shape.StorePageBytes, ZpageEncoding.Lz4, TypicalChecksum, TypicalChecksum);
            columns.Set(page, TypicalGeneration, in identity);
        }

        writer.WriteColumn(PingRequest.SlotsFieldNumber, s_slots.AsSpan(0, slots));
        writer.WriteColumn(PingRequest.GenerationsFieldNumber, columns.Generations.AsSpan(0, pages));
        writer.WriteColumn(PingRequest.SizesFieldNumber, columns.Sizes.AsSpan(0, pages));
        writer.WriteColumn(PingRequest.EncodingsFieldNumber, columns.Encodings.AsSpan(0, pages));
        writer.WriteFixedColumn(PingRequest.ZpageChecksumsFieldNumber, columns.ZpageChecksums.AsSpan(0, pages));
        writer.WriteFixedColumn(PingRequest.PageChecksumsFieldNumber, columns.PageChecksums.AsSpan(0, pages));
        writer.WriteNumber(PingRequest.ReplyPagesFieldNumber, (ulong)shape.LoadPages);
        writer.WriteNumber(PingRequest.ReplyPageBytesFieldNumber, (ulong)shape.LoadPageBytes);
        writer.WriteNumber(PingRequest.CopyMemoryFieldNumber, shape.CopyMemory ? 1UL : 0UL);
        message.End(writer.Length);
    }

    /// <summary>What is wrong with the shape of a reply; null: nothing.</summary>
    public static string? Violation(ReplyColumns reply, PingShape shape)
    {
        int bytes = shape.LoadPages * shape.LoadPageBytes;
        if (reply.Zpages.Length != bytes)
        {
            return $"zpages has {reply.Zpages.Length} bytes where {bytes} were asked for";
        }

        return shape.LoadPages > 0 && reply.SizeCount != shape.LoadPages
            ? $"sizes has {reply.SizeCount} elements instead of {shape.LoadPages}"
            : null;
    }

    private static void RequireRange(int value, int most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
