using RemoteSwap.Client.Exchange;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Requests;
using RemoteSwap.V1;

namespace RemoteSwap.Client;

/// <summary>
/// Forgets pages of one area. Each invalidation has a generation like a store's, so that one that arrives late, or
/// twice, does not harm a page that was stored after it.
/// </summary>
internal sealed class PageInvalidator(
    IPageTransport transport,
    PageStoreCaller caller,
    RequestStashes stashes,
    AreaName name,
    GenerationCounter generations)
{
    /// <summary>What counts as the number of pages where the area is somebody else's.</summary>
    public const long FencedRange = -1;

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
            slots[part], firstGeneration + (ulong)part.Start.Value, outcomes.AsMemory(part), ct).AsTask())
            .ConfigureAwait(false);
        return outcomes;
    }

    /// <summary>Forgets the pages of a run of slots.</summary>
    /// <returns>Pages that are gone.</returns>
    public async Task<ulong> InvalidateRangeAsync(ulong first, ulong count, CancellationToken ct)
    {
        ulong generation = generations.Take(1);
        BatchInvalidate request = stashes.Invalidations.Rent();
        request.BeginRange(name, first, count, generation);
        InvalidateMessage.BuildRange(request.Message, name, first, count, generation);
        CallSubject subject = name.Subject($"{CallVerbs.Invalidation} of {count} slots from {first}");
        long gone = await transport.CountAsync(request, subject, ct).ConfigureAwait(false);
        return gone == FencedRange ? throw CallFailure.Fenced(subject) : (ulong)gone;
    }

    /// <summary>Forgets all pages.</summary>
    /// <returns>Pages that are gone.</returns>
    public async Task<ulong> InvalidateAllAsync(CancellationToken ct)
    {
        if (name.Record is not null)
        {
            // Over the streams, which do not send before the session is the server's.
            return await InvalidateRangeAsync(first: 0, name.Slots, ct).ConfigureAwait(false);
        }

        CallSubject subject = name.Subject($"{CallVerbs.Invalidation} of the area");
        InvalidateAreaRequest request = new()
        {
            Tenant = caller.Tenant,
            Area = name.Area,
            Generation = generations.Take(1),
        };
        InvalidateAreaResponse reply = await caller.InvalidateAreaAsync(request, subject, ct).ConfigureAwait(false);
        return reply.Fenced ? throw CallFailure.Fenced(subject) : reply.Pages;
    }

    private ValueTask InvalidatePartAsync(
        ReadOnlyMemory<ulong> slots,
        ulong firstGeneration,
        Memory<InvalidateOutcome> outcomes,
        CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Span<ulong> column = StoreColumns.Own.Generations.AsSpan(0, slots.Length);
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = firstGeneration + (ulong)i;
        }

        BatchInvalidate request = stashes.Invalidations.Rent();
        request.Begin(name, slots, outcomes, firstGeneration);
        InvalidateMessage.Build(request.Message, name, slots.Span, column, acknowledgesLoad: false);
        return transport.SendAsync(request, name.Subject(CallVerbs.Invalidation, slots), ct);
    }
}
