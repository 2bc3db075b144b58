using System.Buffers;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The second half of a Load that met spilled pages: their frame images are read, several at once, and each page is
/// taken out of its image after the image, the owner record and the zpage's checksum have been proven. The batch is a
/// user of each place since its shard's lock was held, so no image is overwritten meanwhile. A page that is hot comes
/// back to memory with that.
/// </summary>
internal static class SpilledLoad
{
    /// <summary>Reads in progress for one batch.</summary>
    private const int MaxReadsInFlight = 32;

    /// <summary>Reads what is spilled.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="target">Where it is.</param>
    /// <param name="operations">What a page that comes back to memory has to be let in by, as all changes do.</param>
    public static async ValueTask CompleteAsync(
        Tenant tenant, LoadBatch batch, IWritebackTarget target, OperationGate operations)
    {
        batch.Clock?.Ask();
        List<Task> reads = new(MaxReadsInFlight);
        int offset = 0;
        for (int page = 0; page < batch.Count; page++)
        {
            if (!batch.Spilled[page].IsEmpty)
            {
                reads.Add(ReadOneAsync(tenant, batch, page, offset, target, operations));
                if (reads.Count == MaxReadsInFlight)
                {
                    await Task.WhenAll(reads);
                    reads.Clear();
                }
            }

            offset += batch.Spilled[page].IsEmpty ? batch.Pages[page].Length : batch.Spilled[page].Length;
        }

        await Task.WhenAll(reads);
        CloseGaps(batch);
        batch.Clock?.EndSpill();
    }

    private static async Task ReadOneAsync(
        Tenant tenant, LoadBatch batch, int page, int offset, IWritebackTarget target, OperationGate operations)
    {
        SwapEntry entry = batch.Spilled[page];
        byte[] image = ArrayPool<byte>.Shared.Rent(FrameImage.Bytes);
        try
        {
            await FrameImage.ReadAsync(target, entry.Place, entry.IsHeadless, image);
            batch.Outcomes[page] = Take(
                tenant,
                operations,
                batch,
                page,
                offset,
                image.AsSpan(0, FrameArena.FrameBytes),
                image.AsSpan(FrameArena.FrameBytes, FrameHeader.Bytes));
        }
        catch (IOException)
        {
            batch.Outcomes[page] = LoadOutcome.IoError;
            batch.Pages[page] = default;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(image);
            target.DropUser(entry.Place);
        }
    }

    private static LoadOutcome Take(
        Tenant tenant,
        OperationGate operations,
        LoadBatch batch,
        int page,
        int offset,
        Span<byte> frame,
        Span<byte> header)
    {
        SwapEntry entry = batch.Spilled[page];
        Slot slot = new(batch.Slots[page]);
        if (FrameImage.TryProve(
            frame, header, tenant.Number, batch.Area, slot, in entry, out OwnerRecord record, out Range range))
        {
            Span<byte> zpage = batch.Room.Span.Slice(offset, record.Length);
            ZpageTail.Read(frame[range], FrameHeader.Spare(header), record.Length, zpage);
            if (!batch.Exclusive && tenant.IsToPromote(batch.Area, slot) && operations.TryEnter())
            {
                Promote(tenant, operations, batch.Area, slot, in entry, in record, zpage);
            }

            batch.Pages[page] = new LoadedPage(
                record.Generation, record.Encoding, record.Length, record.ZpageChecksum, record.PageChecksum);
            return LoadOutcome.Loaded;
        }

        tenant.ShardOf(batch.Area, slot).CountCorrupt();
        batch.Pages[page] = default;
        return LoadOutcome.Corrupt;
    }

    // A page that is handed over will go; one that is hot and stays has its place in memory.
    private static void Promote(
        Tenant tenant,
        OperationGate operations,
        AreaId area,
        Slot slot,
        in SwapEntry entry,
        in OwnerRecord record,
        ReadOnlySpan<byte> zpage)
    {
        try
        {
            tenant.ShardOf(area, slot).Spilled.TryPromote(in entry, in record, zpage);
        }
        catch (InvariantViolationException violation)
        {
            tenant.SetPoison(violation);
        }
        finally
        {
            operations.Leave();
        }
    }

    // A page that could not be read leaves a gap in the zpages, which the reply must not have.
    private static void CloseGaps(LoadBatch batch)
    {
        int from = 0;
        int to = 0;
        for (int page = 0; page < batch.Count; page++)
        {
            int length = batch.Pages[page].Length;
            int room = batch.Spilled[page].IsEmpty ? length : batch.Spilled[page].Length;
            if (from != to && length > 0)
            {
                batch.Room.Span.Slice(from, length).CopyTo(batch.Room.Span[to..]);
            }

            from += room;
            to += length;
        }

        batch.ZpageBytes = to;
    }
}
