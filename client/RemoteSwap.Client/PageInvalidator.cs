using Google.Protobuf;
using RemoteSwap.V1;

namespace RemoteSwap.Client;

/// <summary>
/// Forgets pages of one area. Each invalidation has a generation like a store's, so that one that arrives late, or
/// twice, does not harm a page that was stored after it.
/// </summary>
internal sealed class PageInvalidator(PageStoreCaller caller, uint area, GenerationCounter generations)
{
    /// <summary>Forgets the pages of slots.</summary>
    public async Task<InvalidateOutcome[]> InvalidateAsync(ReadOnlyMemory<ulong> slots, CancellationToken ct)
    {
        if (slots.IsEmpty)
        {
            return [];
        }

        ulong firstGeneration = generations.Take(slots.Length);
        InvalidateOutcome[] outcomes = new InvalidateOutcome[slots.Length];
        await BatchParts.RunAsync(slots.Length, part => InvalidatePartAsync(
            slots[part], firstGeneration + (ulong)part.Start.Value, outcomes.AsMemory(part), ct)).ConfigureAwait(false);
        return outcomes;
    }

    /// <summary>Forgets the pages of a run of slots.</summary>
    /// <returns>Pages that are gone.</returns>
    public async Task<ulong> InvalidateRangeAsync(ulong first, ulong count, CancellationToken ct)
    {
        CallSubject subject = new($"Invalidation of {count} slots from {first}", caller.Tenant, area, Slots: default);
        InvalidateRequest request = new()
        {
            Tenant = caller.Tenant,
            Area = area,
            Ranges = { new SlotRange { First = first, Count = count } },
            RangesGeneration = generations.Take(1),
        };
        InvalidateResponse reply = await caller.InvalidateAsync(request, subject, ct).ConfigureAwait(false);
        return reply.RangePages;
    }

    /// <summary>Forgets all pages.</summary>
    /// <returns>Pages that are gone.</returns>
    public async Task<ulong> InvalidateAllAsync(CancellationToken ct)
    {
        CallSubject subject = new("Invalidation of the area", caller.Tenant, area, Slots: default);
        InvalidateAreaRequest request = new() { Tenant = caller.Tenant, Area = area, Generation = generations.Take(1) };
        InvalidateAreaResponse reply = await caller.InvalidateAreaAsync(request, subject, ct).ConfigureAwait(false);
        return reply.Pages;
    }

    private async Task InvalidatePartAsync(
        ReadOnlyMemory<ulong> slots,
        ulong firstGeneration,
        Memory<InvalidateOutcome> outcomes,
        CancellationToken ct)
    {
        CallSubject subject = new("Invalidation", caller.Tenant, area, slots);
        InvalidateRequest request = new() { Tenant = caller.Tenant, Area = area };
        request.Slots.AddRange(slots.Span);
        for (int i = 0; i < slots.Length; i++)
        {
            request.Generations.Add(firstGeneration + (ulong)i);
        }

        InvalidateResponse reply = await caller.InvalidateAsync(request, subject, ct).ConfigureAwait(false);
        ReadOutcomes(reply, outcomes.Span, subject);
    }

    private static void ReadOutcomes(InvalidateResponse reply, Span<InvalidateOutcome> outcomes, in CallSubject subject)
    {
        if (reply.Outcomes.Count != outcomes.Length)
        {
            throw CallFailure.Protocol(
                subject, $"outcomes has {reply.Outcomes.Count} elements instead of {outcomes.Length}");
        }

        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = OutcomeTable.Of(reply.Outcomes[i]);
            if (outcomes[i] == InvalidateOutcome.None)
            {
                throw CallFailure.Protocol(
                    subject, $"outcome {(int)reply.Outcomes[i]} of slot {subject.Slots.Span[i]} is unknown");
            }
        }
    }
}
