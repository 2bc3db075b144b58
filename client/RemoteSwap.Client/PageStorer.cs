using RemoteSwap.V1;

namespace RemoteSwap.Client;

/// <summary>Stores pages of one area: gives them generations, encodes, sends, and reads the outcomes.</summary>
internal sealed class PageStorer(PageStoreCaller caller, uint area, GenerationCounter generations)
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
            ct)).ConfigureAwait(false);
        return outcomes;
    }

    private async Task StorePartAsync(
        ReadOnlyMemory<ulong> slots,
        ReadOnlyMemory<byte> pages,
        ulong firstGeneration,
        StoreMode mode,
        Memory<StoreOutcome> outcomes,
        CancellationToken ct)
    {
        CallSubject subject = new("Store", caller.Tenant, area, slots);
        EncodedBatch batch = EncodedBatch.Encode(caller.Tenant, area, slots.Span, pages.Span, firstGeneration, mode);
        StoreResponse reply = await caller.StoreAsync(batch.Request, subject, ct).ConfigureAwait(false);
        batch.Recycle();
        ReadOutcomes(reply, outcomes.Span, subject);
    }

    private static void ReadOutcomes(StoreResponse reply, Span<StoreOutcome> outcomes, in CallSubject subject)
    {
        if (reply.Outcomes.Count != outcomes.Length)
        {
            throw CallFailure.Protocol(
                subject, $"outcomes has {reply.Outcomes.Count} elements instead of {outcomes.Length}");
        }

        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = OutcomeTable.Of(reply.Outcomes[i]);
            if (outcomes[i] == StoreOutcome.None)
            {
                throw CallFailure.Protocol(
                    subject, $"outcome {(int)reply.Outcomes[i]} of slot {subject.Slots.Span[i]} is unknown");
            }
        }
    }
}
