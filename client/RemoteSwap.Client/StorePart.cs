using RemoteSwap.Client.Records;

namespace RemoteSwap.Client;

/// <summary>A part of a batch of pages to store: what goes into one call.</summary>
/// <param name="Slots">The slots.</param>
/// <param name="Pages">The pages, 4,096 bytes a slot.</param>
/// <param name="Outcomes">Room for the outcomes.</param>
/// <param name="Mode">What a refused page means for the others.</param>
internal sealed record StorePart(
    ReadOnlyMemory<ulong> Slots, ReadOnlyMemory<byte> Pages, Memory<StoreOutcome> Outcomes, StoreMode Mode)
{
    /// <summary>
    /// Finds the pages that were refused, though nothing newer of their slots was sent; of a whole batch all pages, if
    /// there is one.
    /// </summary>
    /// <param name="record">What was sent.</param>
    /// <param name="firstGeneration">The generation of the first page.</param>
    /// <param name="isFull">Refused because the server was full; else: as stale.</param>
    public List<int> FindRefused(PageRecord record, ulong firstGeneration, bool isFull = false)
    {
        List<int> refused = [];
        int latest = 0;
        for (int i = 0; i < Slots.Length; i++)
        {
            StoreOutcome outcome = Outcomes.Span[i];
            bool isStale = outcome == StoreOutcome.Stale;
            bool isLatest = record.IsLatest(Slots.Span[i], firstGeneration + (ulong)i, isRefused: !isStale);
            latest += isLatest ? 1 : 0;
            if (isLatest && (isFull ? RoomWait.IsFull(outcome) : isStale))
            {
                refused.Add(i);
            }
        }

        if (Mode != StoreMode.AllOrNothing || refused.Count == 0)
        {
            return refused;
        }

        // All again or none: not where something newer was sent for a page of it.
        return latest == Slots.Length ? [.. Enumerable.Range(0, latest)] : [];
    }

    /// <summary>Makes a part of some of the pages.</summary>
    public StorePart Take(List<int> indexes)
    {
        ulong[] slots = [.. indexes.Select(index => Slots.Span[index])];
        byte[] pages = new byte[PageBytes.Of(..indexes.Count).End.Value];
        for (int i = 0; i < indexes.Count; i++)
        {
            Pages.Span[PageBytes.Of(indexes[i]..(indexes[i] + 1))].CopyTo(PageBytes.Of(pages, i));
        }

        return new StorePart(slots, pages, new StoreOutcome[indexes.Count], Mode);
    }

    /// <summary>Takes the outcomes of some of the pages.</summary>
    public void Put(List<int> indexes, ReadOnlySpan<StoreOutcome> outcomes)
    {
        for (int i = 0; i < indexes.Count; i++)
        {
            Outcomes.Span[indexes[i]] = outcomes[i];
        }
    }
}
