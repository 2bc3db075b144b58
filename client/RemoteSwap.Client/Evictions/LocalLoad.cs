using System.Buffers;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;

namespace RemoteSwap.Client.Evictions;

/// <summary>
/// The second half of a load of which the server says that it has the page no more: reads it from the eviction file and
/// decodes it.
/// <para>
/// Why the server is asked first, though the record knows that the page is here: only the server knows who owns the
/// area. A host that was asleep while its virtual machine moved away must read nothing any more, not even its own file.
/// It costs a round trip beside a disk's read, and it keeps the order of what is done to a slot where it is for all
/// other pages.
/// </para>
/// </summary>
internal static class LocalLoad
{
    /// <summary>How often a load begins anew because its slot changed under it.</summary>
    public const int MostAgain = 4;

    /// <summary>Reads a page.</summary>
    /// <param name="local">The pages that are here.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="begun">What was settled of it when the load began.</param>
    /// <param name="page">Room for 4,096 bytes; cleared unless it is loaded.</param>
    /// <returns>The outcome, None if the slot has changed and is to be loaded again; and the page's
    /// generation.</returns>
    public static async ValueTask<(LoadOutcome Outcome, ulong Generation)> ReadAsync(
        LocalPages local, ulong slot, RecordMark begun, Memory<byte> page)
    {
        byte[] room = ArrayPool<byte>.Shared.Rent(EvictionFile.ReadBytes);
        try
        {
            LocalRead read = await local.ReadAsync(slot, room.AsMemory()).ConfigureAwait(false);
            LoadOutcome outcome = read.Outcome;
            if (outcome == LoadOutcome.Loaded && !TryDecode(local, read.Header, room, page.Span))
            {
                outcome = LoadOutcome.Corrupt;
            }

            if (outcome != LoadOutcome.Loaded)
            {
                page.Span.Clear();
            }

            bool isMoved = outcome == LoadOutcome.Lost && HasChanged(local.Record.MarkOf(slot), begun);
            return (isMoved ? LoadOutcome.None : outcome, read.Header.Generation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>Whether something else is settled of a slot than was before.</summary>
    public static bool HasChanged(RecordMark now, RecordMark begun) =>
        now.Generation != begun.Generation || now.Kind != begun.Kind || now.IsLocal != begun.IsLocal;

    private static bool TryDecode(LocalPages local, in ImageHeader header, byte[] room, Span<byte> page)
    {
        ZpageIdentity identity = new(header.Length, header.Encoding, header.ZpageChecksum, header.PageChecksum);
        return PageForm.TryDecode(
            local.Seal,
            local.Area,
            header.Slot,
            header.Generation,
            room.AsSpan(ImageHeader.Bytes, header.Length),
            in identity,
            page);
    }
}
