using Google.Protobuf;
using RemoteSwap.V1;

namespace RemoteSwap.Client;

/// <summary>
/// Loads pages of one area and verifies them before a byte is handed out.
/// <para>
/// Taking over has two steps, and their order is the point: first all parts of the batch are loaded and verified, then
/// the server is told which pages it may drop. If it was told part by part, a later part's failure would throw, and the
/// caller would take pages for unread that the server has dropped already.
/// </para>
/// </summary>
internal sealed class PageLoader(PageStoreCaller caller, uint area)
{
    /// <summary>Loads pages; the arguments have been checked.</summary>
    public async Task<LoadOutcome[]> LoadAsync(
        ReadOnlyMemory<ulong> slots,
        Memory<byte> pages,
        LoadMode mode,
        CancellationToken ct)
    {
        if (slots.IsEmpty)
        {
            return [];
        }

        LoadOutcome[] outcomes = new LoadOutcome[slots.Length];
        ulong[] generations = mode == LoadMode.TakeOver ? new ulong[slots.Length] : [];
        await BatchParts.RunAsync(slots.Length, part => LoadPartAsync(
            slots[part],
            pages[PageBytes.Of(part)],
            outcomes.AsMemory(part),
            mode == LoadMode.TakeOver ? generations.AsMemory(part) : default,
            ct)).ConfigureAwait(false);
        if (mode == LoadMode.TakeOver)
        {
            await AcknowledgeAsync(slots, outcomes, generations, ct).ConfigureAwait(false);
        }

        return outcomes;
    }

    private async Task LoadPartAsync(
        ReadOnlyMemory<ulong> slots,
        Memory<byte> pages,
        Memory<LoadOutcome> outcomes,
        Memory<ulong> generations,
        CancellationToken ct)
    {
        CallSubject subject = new("Load", caller.Tenant, area, slots);
        LoadRequest request = new() { Tenant = caller.Tenant, Area = area, Exclusive = !generations.IsEmpty };
        request.Slots.AddRange(slots.Span);
        LoadResponse reply = await caller.LoadAsync(request, subject, ct).ConfigureAwait(false);

        LoadReply.RequireShape(reply, subject);
        LoadReply.Unpack(reply, area, slots.Span, pages.Span, outcomes.Span);
        if (!generations.IsEmpty)
        {
            UnsafeCollectionOperations.AsSpan(reply.Generations).CopyTo(generations.Span);
        }
    }

    private async Task AcknowledgeAsync(
        ReadOnlyMemory<ulong> slots,
        LoadOutcome[] outcomes,
        ulong[] generations,
        CancellationToken ct)
    {
        try
        {
            await BatchParts.RunAsync(outcomes.Length, part => AcknowledgePartAsync(
                slots[part], outcomes.AsMemory(part), generations.AsMemory(part), ct)).ConfigureAwait(false);
        }
        catch (Exception failure) when (
            failure is RemoteSwapException or OperationCanceledException or ObjectDisposedException)
        {
            // The pages are here and verified. The server keeps copies, which go with the next store or invalidation of
            // their slots: memory is lost for a while, no byte is. To throw would be the worse end, because then the
            // caller would take pages for unread that the server may have dropped.
        }
    }

    private async Task AcknowledgePartAsync(
        ReadOnlyMemory<ulong> slots,
        ReadOnlyMemory<LoadOutcome> outcomes,
        ReadOnlyMemory<ulong> generations,
        CancellationToken ct)
    {
        InvalidateRequest request = new() { Tenant = caller.Tenant, Area = area, AcknowledgeLoad = true };
        for (int i = 0; i < slots.Length; i++)
        {
            if (outcomes.Span[i] == LoadOutcome.Loaded)
            {
                request.Slots.Add(slots.Span[i]);
                request.Generations.Add(generations.Span[i]);
            }
        }

        if (request.Slots.Count > 0)
        {
            CallSubject subject = new("Acknowledgement of a load", caller.Tenant, area, slots);
            await caller.InvalidateAsync(request, subject, ct).ConfigureAwait(false);
        }
    }
}
