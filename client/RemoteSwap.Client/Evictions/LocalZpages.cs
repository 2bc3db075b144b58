using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Evictions;

/// <summary>
/// Puts zpages from the eviction file among those that a load brought, all in the order of their slots: (1) they are
/// read, (2) what the server sent moves to its place, the last one first, so that nothing is overwritten before it has
/// moved, and (3) what was read goes into the gaps.
/// </summary>
internal static class LocalZpages
{
    /// <summary>Completes a load.</summary>
    /// <param name="local">The pages that are here.</param>
    /// <param name="begun">What was settled of the slots when the load began.</param>
    /// <param name="batch">The batch as the server answered it.</param>
    /// <returns>Whether slots changed meanwhile, and it should be loaded again.</returns>
    public static async ValueTask<bool> CompleteAsync(LocalPages local, RecordMark[] begun, ZpageBatch batch)
    {
        // (1)
        byte[]?[] read = new byte[]?[batch.Count];
        bool isChanged = false;
        int sent = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            sent += batch.Sizes[i];
            if (batch.LoadOutcomes[i] == LoadOutcome.Lost)
            {
                byte[] room = new byte[EvictionFile.ReadBytes];
                LocalRead page = await local.ReadAsync(batch.Slots[i], room).ConfigureAwait(false);
                if (page.Header.Encoding == ZpageEncoding.Sealed)
                {
                    // Means nothing to who hands zpages on.
                    page = new LocalRead(LoadOutcome.Corrupt, page.Header);
                }

                isChanged |= page.Outcome == LoadOutcome.Lost
                    && LocalLoad.HasChanged(local.Record.MarkOf(batch.Slots[i]), begun[i]);
                batch.LoadOutcomes[i] = page.Outcome;
                if (page.Outcome == LoadOutcome.Loaded)
                {
                    read[i] = room;
                    Set(batch, i, local.Area, page.Header);
                }
            }
        }

        Place(batch, read, sent);
        return isChanged;
    }

    private static void Set(ZpageBatch batch, int page, uint area, in ImageHeader header)
    {
        batch.Sizes[page] = header.Length;
        batch.Encodings[page] = header.Encoding;
        batch.Generations[page] = header.Generation;
        batch.PageCrcs[page] = BoundChecksum.Bind(header.PageChecksum, area, header.Slot, header.Generation);
    }

    // (2), (3)
    private static void Place(ZpageBatch batch, byte[]?[] read, int sent)
    {
        Span<byte> zpages = batch.Zpages.Span;
        int end = 0;
        foreach (int size in batch.Sizes)
        {
            end += size;
        }

        for (int i = batch.Count - 1; i >= 0; i--)
        {
            int size = batch.Sizes[i];
            end -= size;
            if (read[i] is { } room)
            {
                room.AsSpan(ImageHeader.Bytes, size).CopyTo(zpages[end..]);
            }
            else
            {
                sent -= size;
                zpages.Slice(sent, size).CopyTo(zpages[end..]);
            }
        }
    }
}
