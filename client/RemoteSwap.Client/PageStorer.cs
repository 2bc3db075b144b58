using RemoteSwap.Client.Exchange;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Requests;

namespace RemoteSwap.Client;

/// <summary>
/// Stores batches of pages of one area: gives them generations, encodes and sends them.
/// <para>
/// Where a record is kept, a page that is refused as stale though no newer one of its slot was sent is sent again with
/// a newer generation: the server remembers of an emptied neighbourhood only the newest generation of all its slots,
/// and pages of two lanes may meet there out of order. So is one that a full server refused which is making room
/// (<see cref="RoomWait"/>).
/// </para>
/// </summary>
internal sealed class PageStorer(
    IPageTransport transport, RequestStashes stashes, AreaName name, GenerationCounter generations, RoomWait room)
{
    /// <summary>How often a page is sent again that was refused as stale for its neighbourhood.</summary>
    public const int MostAgain = 16;

    /// <summary>Stores pages; the arguments have been checked.</summary>
    public async Task<StoreOutcome[]> StoreAsync(
        ReadOnlyMemory<ulong> slots,
        ReadOnlyMemory<byte> pages,
        StoreMode mode,
        CancellationToken ct)
    {
        if (slots.IsEmpty)
        {
            return [];
        }

        // All at once and before anything is sent: the order of the batch is the order of its generations, whichever
        // part arrives first.
        ulong firstGeneration = generations.Take(slots.Length);
        StoreOutcome[] outcomes = new StoreOutcome[slots.Length];
        await BatchParts.RunAsync(slots.Length, part => StorePartAsync(
            new StorePart(slots[part], pages[PageBytes.Of(part)], outcomes.AsMemory(part), mode),
            firstGeneration + (ulong)part.Start.Value,
            ct)).ConfigureAwait(false);
        return outcomes;
    }

    /// <summary>Stores zpages as they are; the batch has been checked and is not empty.</summary>
    public ValueTask StoreAsync(ZpageBatch batch, int zpageBytes, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        ulong firstGeneration = generations.Take(batch.Count);
        BatchStore request = stashes.Stores.Rent();
        request.Begin(name, batch.SlotColumn, batch.StoreOutcomeColumn, firstGeneration);
        request.Keep(StoreMessage.Build(request.Message, name, batch, zpageBytes, firstGeneration));
        return transport.SendAsync(request, name.Subject(CallVerbs.Store, batch.SlotColumn), ct);
    }

    private async Task StorePartAsync(
        StorePart part, ulong firstGeneration, CancellationToken ct, int again = 0, int waits = 0)
    {
        await SendAsync(part, firstGeneration, ct).ConfigureAwait(false);
        if (name.Record is null)
        {
            return;
        }

        List<int> refused = again < MostAgain ? part.FindRefused(name.Record, firstGeneration) : [];
        if (refused.Count > 0)
        {
            await StoreRestAsync(part, refused, again + 1, waits, ct).ConfigureAwait(false);
        }
        else if (HasFull(part) && room.IsWorthIt(waits))
        {
            await room.WaitAsync(waits, ct).ConfigureAwait(false);
            refused = part.FindRefused(name.Record, firstGeneration, isFull: true);
            await StoreRestAsync(part, refused, again, waits + 1, ct).ConfigureAwait(false);
        }

        for (int i = 0; i < part.Slots.Length; i++)
        {
            RoomWait.Settle(name.Record, part.Slots.Span[i], firstGeneration + (ulong)i, part.Outcomes.Span[i]);
        }
    }

    private async Task StoreRestAsync(StorePart part, List<int> refused, int again, int waits, CancellationToken ct)
    {
        if (refused.Count > 0)
        {
            StorePart rest = part.Take(refused);
            await StorePartAsync(rest, generations.Take(refused.Count), ct, again, waits).ConfigureAwait(false);
            part.Put(refused, rest.Outcomes.Span);
        }
    }

    private static bool HasFull(StorePart part)
    {
        foreach (StoreOutcome outcome in part.Outcomes.Span)
        {
            if (RoomWait.IsFull(outcome))
            {
                return true;
            }
        }

        return false;
    }

    private ValueTask SendAsync(StorePart part, ulong firstGeneration, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        BatchStore request = stashes.Stores.Rent();
        request.Begin(name, part.Slots, part.Outcomes, firstGeneration, isSentAgain: true);
        request.Keep(StoreMessage.Build(
            request.Message, name, part.Slots.Span, part.Pages.Span, firstGeneration, part.Mode));
        return transport.SendAsync(request, name.Subject(CallVerbs.Store, part.Slots), ct);
    }
}
