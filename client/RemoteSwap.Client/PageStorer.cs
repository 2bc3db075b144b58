using RemoteSwap.Client.Exchange;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Requests;

namespace RemoteSwap.Client;

/// <summary>Stores batches of pages of one area: gives them generations, encodes and sends them.</summary>
internal sealed class PageStorer(
    IPageTransport transport, RequestStashes stashes, AreaName name, GenerationCounter generations)
{
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
            slots[part],
            pages[PageBytes.Of(part)],
            firstGeneration + (ulong)part.Start.Value,
            mode,
            outcomes.AsMemory(part),
            ct).AsTask()).ConfigureAwait(false);
        return outcomes;
    }

    /// <summary>Stores zpages as they are; the batch has been checked and is not empty.</summary>
    public ValueTask StoreAsync(ZpageBatch batch, int zpageBytes, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        BatchStore request = stashes.Stores.Rent();
        request.Begin(batch.SlotColumn, batch.StoreOutcomeColumn);
        StoreMessage.Build(request.Message, name, batch, zpageBytes, generations.Take(batch.Count));
        return transport.SendAsync(request, name.Subject(CallVerbs.Store, batch.SlotColumn), ct);
    }

    private ValueTask StorePartAsync(
        ReadOnlyMemory<ulong> slots,
        ReadOnlyMemory<byte> pages,
        ulong firstGeneration,
        StoreMode mode,
        Memory<StoreOutcome> outcomes,
        CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        BatchStore request = stashes.Stores.Rent();
        request.Begin(slots, outcomes);
        StoreMessage.Build(request.Message, name, slots.Span, pages.Span, firstGeneration, mode);
        return transport.SendAsync(request, name.Subject(CallVerbs.Store, slots), ct);
    }
}
