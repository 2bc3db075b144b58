using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc.Evictions;

/// <summary>
/// One Evictions stream: pages go out as the store hands them, answers and credit come in, side by side. It ends when
/// the client is done, or sends what can not be read, or when the area has another owner.
/// <para>
/// Memory: what is out or waits to be sent, 256 pages at most (<see cref="EvictionOutlet.MaxPages"/>); a client that
/// does not read holds up nobody but its own pages.
/// </para>
/// </summary>
/// <param name="requests">What the client says.</param>
/// <param name="responses">What it is told.</param>
/// <param name="outlet">The way on which the store hands pages; null: the client's epoch is not the owner's.</param>
internal sealed class EvictionStream(
    IAsyncStreamReader<EvictionsRequest> requests,
    IServerStreamWriter<EvictionsResponse> responses,
    EvictionOutlet? outlet)
{
    /// <summary>Runs the stream to its end.</summary>
    /// <returns>Why it ended, if the client did something wrong.</returns>
    public async Task<CallRefusal?> RunAsync(CancellationToken cancellation)
    {
        if (outlet is null)
        {
            await responses.WriteAsync(End(EvictionEnd.Fenced), cancellation);
            return null;
        }

        EvictionsWelcome welcome = new() { MaxPages = EvictionOutlet.MaxPages };
        await responses.WriteAsync(new EvictionsResponse { Welcome = welcome }, cancellation);
        using CancellationTokenSource sent = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<CallRefusal?> reading = ReadAsync(sent.Token);
        try
        {
            await SendAsync(cancellation);
        }
        finally
        {
            await sent.CancelAsync();
        }

        try
        {
            return await reading;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Whoever sends was done first: the area has another owner.
            return null;
        }
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        while (await outlet!.WaitAsync(cancellation))
        {
            while (outlet.TryTake(out EvictionBatch? batch))
            {
                using (batch)
                {
                    await responses.WriteAsync(new EvictionsResponse { Pages = ToWire(batch) }, cancellation);
                }
            }
        }

        if (outlet.End != EvictionEnd.Closed)
        {
            await responses.WriteAsync(End(outlet.End), cancellation);
        }
    }

    // Ends the way when the client is done, and with it the sending.
    private async Task<CallRefusal?> ReadAsync(CancellationToken cancellation)
    {
        CallRefusal? refusal = null;
        try
        {
            while (refusal is null && await requests.MoveNext(cancellation))
            {
                refusal = Take(requests.Current);
            }
        }
        finally
        {
            outlet!.Close();
        }

        return refusal;
    }

    private CallRefusal? Take(EvictionsRequest request) => request.MessageCase switch
    {
        EvictionsRequest.MessageOneofCase.Credit => TakeCredit(request.Credit),
        EvictionsRequest.MessageOneofCase.Acknowledgement => TakeAnswers(request.Acknowledgement),
        _ => CallRefusal.Invalid("message", $"is {request.MessageCase}, or none; it must be credit or acknowledgement"),
    };

    private CallRefusal? TakeCredit(EvictionsCredit credit)
    {
        CallRefusal? refusal = RequestCheck.CheckBound("credit.pages", credit.Pages, 1, EvictionOutlet.MaxPages);
        if (refusal is null)
        {
            outlet!.AddCredit((int)credit.Pages);
        }

        return refusal;
    }

    private CallRefusal? TakeAnswers(EvictionsAcknowledgement answers)
    {
        int pages = answers.Slots.Count;
        if (pages is 0 or > EvictionOutlet.MaxPages
            || answers.Generations.Count != pages
            || answers.Outcomes.Count != pages)
        {
            return CallRefusal.Invalid(
                "acknowledgement",
                $"has {pages} slots, {answers.Generations.Count} generations and {answers.Outcomes.Count} outcomes; "
                + $"it must have 1 to {EvictionOutlet.MaxPages}, and as many of each");
        }

        for (int page = 0; page < pages; page++)
        {
            if (OutcomeTable.Of(answers.Outcomes[page]) == EvictionAnswer.None)
            {
                return CallRefusal.Invalid(
                    $"acknowledgement.outcomes[{page}]",
                    $"is {(int)answers.Outcomes[page]}; it must be TAKEN, SUPERSEDED or REFUSED");
            }
        }

        for (int page = 0; page < pages; page++)
        {
            outlet!.Answer(
                new Slot(answers.Slots[page]),
                new Generation(answers.Generations[page]),
                OutcomeTable.Of(answers.Outcomes[page]));
        }

        return null;
    }

    private static EvictionsResponse End(EvictionEnd why) =>
        new() { End = new EvictionsEnd { Fenced = why == EvictionEnd.Fenced } };

    private static EvictedPages ToWire(EvictionBatch batch)
    {
        EvictedPages pages = new() { Zpages = ByteString.CopyFrom(batch.Zpages.Span) };
        foreach (EvictedPage page in batch.Pages)
        {
            pages.Slots.Add(page.Slot.Value);
            pages.Generations.Add(page.Generation.Value);
            pages.Sizes.Add((uint)page.Length);
            pages.Encodings.Add((Encoding)page.Encoding);
            pages.ZpageChecksums.Add(page.ZpageChecksum);
            pages.PageChecksums.Add(page.PageChecksum);
        }

        return pages;
    }
}
