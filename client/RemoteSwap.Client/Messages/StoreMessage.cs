using RemoteSwap.Codec;
using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Client.Messages;

/// <summary>
/// Builds stores. Zpages come first and the columns after them, so that every page is compressed right into the place
/// from which it is sent, before it is known how long the zpages will be. For blocks that its own codec has just made
/// the library vouches, so that the server need not walk them.
/// </summary>
internal static class StoreMessage
{
    /// <summary>Where the zpages begin in a request.</summary>
    public const int ZpagesStart = MessageWriter.OpenBytes;

    private const int Columns = 6;
    private const int MaxColumnBytesEach = 10 + 8 + 2 + 1 + (2 * sizeof(uint));
    private const int FlagBytes = 4;

    /// <summary>The most bytes of a request.</summary>
    /// <param name="name">Whose pages.</param>
    /// <param name="pages">How many pages.</param>
    /// <param name="zpageBytes">The most bytes of all zpages.</param>
    public static int Room(AreaName name, int pages, int zpageBytes) =>
        ZpagesStart + zpageBytes + name.MaxBytes + FlagBytes
        + (Columns * MessageWriter.ColumnBytes(0, 0)) + (pages * MaxColumnBytesEach);

    /// <summary>Encodes pages into a request.</summary>
    /// <param name="message">The request.</param>
    /// <param name="name">Whose pages.</param>
    /// <param name="slots">The slots, 1 to 512.</param>
    /// <param name="pages">The pages, 4,096 bytes a slot.</param>
    /// <param name="firstGeneration">Generation of the first page; each further page has the next.</param>
    /// <param name="mode">What a refused page means for the others.</param>
    /// <returns>The columns; the thread's own, there until the next message is built.</returns>
    public static StoreColumns Build(
        RequestMessage message,
        AreaName name,
        ReadOnlySpan<ulong> slots,
        ReadOnlySpan<byte> pages,
        ulong firstGeneration,
        StoreMode mode)
    {
        StoreColumns columns = StoreColumns.Own;
        message.Begin(Room(name, slots.Length, slots.Length * name.MaxZpageBytes));
        MessageWriter writer = new(message.Room);
        int opened = writer.Open(StoreRequest.ZpagesFieldNumber);
        for (int i = 0; i < slots.Length; i++)
        {
            ReadOnlySpan<byte> page = pages.Slice(i * PageSize.Bytes, PageSize.Bytes);
            ulong generation = firstGeneration + (ulong)i;
            ZpageIdentity identity = PageForm.Encode(name, slots[i], generation, page, writer.Rest);
            columns.Set(i, generation, in identity);
            writer.Advance(identity.Size);
        }

        writer.Close(opened);
        WriteColumns(ref writer, message, name, slots, columns, mode, areBlocksVouched: true);
        message.End(writer.Length);
        return columns;
    }

    /// <summary>Puts zpages as they are into a request.</summary>
    /// <param name="message">The request.</param>
    /// <param name="name">Whose pages.</param>
    /// <param name="batch">The zpages; its generations are set.</param>
    /// <param name="zpageBytes">Bytes of all zpages.</param>
    /// <param name="firstGeneration">Generation of the first page; each further page has the next.</param>
    /// <returns>The columns; the thread's own, there until the next message is built.</returns>
    public static StoreColumns Build(
        RequestMessage message,
        AreaName name,
        ZpageBatch batch,
        int zpageBytes,
        ulong firstGeneration)
    {
        StoreColumns columns = StoreColumns.Own;
        message.Begin(Room(name, batch.Count, zpageBytes));
        MessageWriter writer = new(message.Room);
        int opened = writer.Open(StoreRequest.ZpagesFieldNumber);
        batch.Zpages.Span[..zpageBytes].CopyTo(writer.Rest);
        for (int i = 0; i < batch.Count; i++)
        {
            ulong generation = firstGeneration + (ulong)i;
            int size = batch.Sizes[i];
            batch.Generations[i] = generation;
            ZpageIdentity identity = new(
                size,
                batch.Encodings[i],
                PageChecksum.OfZpage(writer.Rest[..size]),
                BoundChecksum.Bind(batch.PageCrcs[i], name.Area, batch.Slots[i], generation));
            columns.Set(i, generation, in identity);
            writer.Advance(size);
        }

        writer.Close(opened);
        WriteColumns(ref writer, message, name, batch.Slots, columns, StoreMode.EachPage, batch.AreBlocksVouched);
        message.End(writer.Length);
        return columns;
    }

    /// <summary>Ends a request whose zpages lie at <see cref="ZpagesStart"/> and for which there is room.</summary>
    /// <param name="message">The request.</param>
    /// <param name="name">Whose pages.</param>
    /// <param name="columns">All columns.</param>
    /// <param name="pages">How many pages.</param>
    /// <param name="zpageBytes">Bytes of all zpages.</param>
    public static void Finish(RequestMessage message, AreaName name, StoreColumns columns, int pages, int zpageBytes)
    {
        MessageWriter writer = new(message.Room);
        int opened = writer.Open(StoreRequest.ZpagesFieldNumber);
        writer.Advance(zpageBytes);
        writer.Close(opened);
        WriteColumns(
            ref writer,
            message,
            name,
            columns.Slots.AsSpan(0, pages),
            columns,
            StoreMode.EachPage,
            areBlocksVouched: true);
        message.End(writer.Length);
    }

    private static void WriteColumns(
        ref MessageWriter writer,
        RequestMessage message,
        AreaName name,
        ReadOnlySpan<ulong> slots,
        StoreColumns columns,
        StoreMode mode,
        bool areBlocksVouched)
    {
        int pages = slots.Length;
        writer.WriteColumn(StoreRequest.SlotsFieldNumber, slots);
        writer.WriteColumn(StoreRequest.GenerationsFieldNumber, columns.Generations.AsSpan(0, pages));
        writer.WriteColumn(StoreRequest.SizesFieldNumber, columns.Sizes.AsSpan(0, pages));
        writer.WriteColumn(StoreRequest.EncodingsFieldNumber, columns.Encodings.AsSpan(0, pages));
        writer.WriteFixedColumn(StoreRequest.ZpageChecksumsFieldNumber, columns.ZpageChecksums.AsSpan(0, pages));
        writer.WriteFixedColumn(StoreRequest.PageChecksumsFieldNumber, columns.PageChecksums.AsSpan(0, pages));
        writer.WriteNumber(StoreRequest.AllOrNothingFieldNumber, mode == StoreMode.AllOrNothing ? 1UL : 0UL);
        writer.WriteNumber(StoreRequest.BlocksVouchedFieldNumber, areBlocksVouched ? 1UL : 0UL);
        name.Write(ref writer, message);
    }
}
