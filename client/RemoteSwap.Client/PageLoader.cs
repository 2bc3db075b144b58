using System.Runtime.InteropServices;
using RemoteSwap.Client.Evictions;
using RemoteSwap.Client.Exchange;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;
using RemoteSwap.Client.Requests;

namespace RemoteSwap.Client;

/// <summary>
/// Loads pages of one area and verifies them before a byte is handed out.
/// <para>
/// Taking over has two steps, and their order is the point: first all parts of the batch are loaded and verified, then
/// the server is told which pages it may drop. If it was told part by part, a later part's failure would throw, and the
/// caller would take pages for unread that the server has dropped already.
/// </para>
/// </summary>
internal sealed class PageLoader(IPageTransport transport, RequestStashes stashes, AreaName name)
{
    // Reads of the eviction file in progress for one batch.
    private const int MaxReads = 32;

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
        LocalPages? local = name.Record?.Local;
        RecordMark[] begun = [];
        RecordMarks.Take(local?.Record, slots.Span, ref begun);
        ulong[] generations = mode == LoadMode.TakeOver ? new ulong[slots.Length] : [];
        await BatchParts.RunAsync(slots.Length, part => LoadPartAsync(
            slots[part],
            pages[PageBytes.Of(part)],
            outcomes.AsMemory(part),
            mode == LoadMode.TakeOver ? generations.AsMemory(part) : default,
            ct).AsTask()).ConfigureAwait(false);
        if (local is not null)
        {
            await LoadHereAsync(local, slots, begun, pages, outcomes, generations, ct).ConfigureAwait(false);
        }

        if (mode == LoadMode.TakeOver)
        {
            await AcknowledgeAsync(slots, outcomes, generations, ct).ConfigureAwait(false);
        }

        return outcomes;
    }

    /// <summary>Loads zpages as they are; the batch has been checked and is not empty.</summary>
    public ValueTask LoadAsync(ZpageBatch batch, CancellationToken ct) => name.Record?.Local is { } local
        ? LoadHereAsync(local, batch, ct)
        : SendAsync(batch, ct);

    private async ValueTask LoadHereAsync(LocalPages local, ZpageBatch batch, CancellationToken ct)
    {
        RecordMark[] begun = [];
        bool isChanged = true;
        for (int again = 0; isChanged && again <= LocalLoad.MostAgain; again++)
        {
            RecordMarks.Take(local.Record, batch.Slots, ref begun);
            await SendAsync(batch, ct).ConfigureAwait(false);
            isChanged = await LocalZpages.CompleteAsync(local, begun, batch).ConfigureAwait(false);
        }
    }

    private ValueTask SendAsync(ZpageBatch batch, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        BatchZpageLoad request = stashes.ZpageLoads.Rent();
        request.Begin(name, batch);
        LoadMessage.Build(request.Message, name, batch.Slots, exclusive: false);
        return transport.SendAsync(request, name.Subject(CallVerbs.Load, batch.SlotColumn), ct);
    }

    // What the server has handed out, or lost, may be in the eviction file; several are read at once.
    private async Task LoadHereAsync(
        LocalPages local,
        ReadOnlyMemory<ulong> slots,
        RecordMark[] begun,
        Memory<byte> pages,
        Memory<LoadOutcome> outcomes,
        Memory<ulong> generations,
        CancellationToken ct)
    {
        List<Task> reads = new(MaxReads);
        for (int i = 0; i < slots.Length; i++)
        {
            if (outcomes.Span[i] != LoadOutcome.Lost)
            {
                continue;
            }

            Range one = i..(i + 1);
            Memory<ulong> generation = generations.IsEmpty ? default : generations[one];
            reads.Add(LoadHereAsync(
                local, slots[one], begun[i], pages[PageBytes.Of(one)], outcomes[one], generation, ct));
            if (reads.Count == MaxReads)
            {
                await Task.WhenAll(reads).ConfigureAwait(false);
                reads.Clear();
            }
        }

        await Task.WhenAll(reads).ConfigureAwait(false);
    }

    private async Task LoadHereAsync(
        LocalPages local,
        ReadOnlyMemory<ulong> slot,
        RecordMark begun,
        Memory<byte> page,
        Memory<LoadOutcome> outcome,
        Memory<ulong> generation,
        CancellationToken ct)
    {
        for (int again = 0; outcome.Span[0] == LoadOutcome.Lost; again++)
        {
            (LoadOutcome read, ulong found) =
                await LocalLoad.ReadAsync(local, slot.Span[0], begun, page).ConfigureAwait(false);
            if (read == LoadOutcome.None && again < LocalLoad.MostAgain)
            {
                begun = local.Record.MarkOf(slot.Span[0]);
                await LoadPartAsync(slot, page, outcome, generation, ct).ConfigureAwait(false);
                continue;
            }

            outcome.Span[0] = read == LoadOutcome.None ? LoadOutcome.Lost : read;
            if (!generation.IsEmpty && read == LoadOutcome.Loaded)
            {
                generation.Span[0] = found;
            }

            return;
        }
    }

    private ValueTask LoadPartAsync(
        ReadOnlyMemory<ulong> slots,
        Memory<byte> pages,
        Memory<LoadOutcome> outcomes,
        Memory<ulong> generations,
        CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        BatchLoad request = stashes.Loads.Rent();
        request.Begin(name, slots, pages, outcomes, generations);
        LoadMessage.Build(request.Message, name, slots.Span, exclusive: !generations.IsEmpty);
        return transport.SendAsync(request, name.Subject(CallVerbs.Load, slots), ct);
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
        List<ulong> loadedSlots = [];
        List<ulong> loadedGenerations = [];
        for (int i = 0; i < slots.Length; i++)
        {
            if (outcomes.Span[i] == LoadOutcome.Loaded)
            {
                loadedSlots.Add(slots.Span[i]);
                loadedGenerations.Add(generations.Span[i]);
                name.Record?.TakeOver(slots.Span[i], generations.Span[i]);
            }
        }

        if (loadedSlots.Count > 0)
        {
            BatchInvalidate request = stashes.Invalidations.Rent();
            request.BeginAcknowledgement(name);
            InvalidateMessage.Build(
                request.Message,
                name,
                CollectionsMarshal.AsSpan(loadedSlots),
                CollectionsMarshal.AsSpan(loadedGenerations),
                acknowledgesLoad: true);
            CallSubject subject = name.Subject("Acknowledgement of a load", slots);
            await transport.SendAsync(request, subject, ct).ConfigureAwait(false);
        }
    }
}
