using Google.Protobuf;
using RemoteSwap.Client.Evictions;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;
using RemoteSwap.Client.Sealing;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Sessions;

/// <summary>
/// Makes a connection the owner of areas: (1) attaches or resumes, (2) begins the record with what the server holds,
/// and with what the eviction file does that agrees with it, (3) begins the session, whose signs of life keep it.
/// </summary>
internal sealed class AreaAttacher(
    SessionSet sessions,
    SealerSet sealers,
    SessionCaller caller,
    EvictionService.EvictionServiceClient evictions,
    RemoteSwapClientOptions options,
    TimeProvider time,
    Func<AreaName, GenerationCounter, SwapArea> createArea)
{
    // Pages of one listing: some 1.3 MB.
    private const uint ListedPages = 65_536;

    /// <summary>Attaches to an area.</summary>
    public async Task<AttachReply> AttachAsync(uint area, AttachOptions how, CancellationToken ct)
    {
        if (options.Streams == 0)
        {
            throw new InvalidOperationException(
                $"An area can be attached over streams only; {nameof(options.Streams)} is 0. Set it to at least 1.");
        }

        // Who begins may begin a ring; who goes on with an area's pages has one, or can not read them.
        AreaSealer? sealer = sealers.Open(area, mayBegin: how.Mode == AttachMode.Exclusive || how.DiscardsPages);
        EvictionFile? file = null;
        AttachReply? reply = null;
        try
        {
            file = how.EvictTo is { } target ? EvictionFile.Open(target, options.Tenant, area) : null;
            reply = await AttachAsync(area, how, sealer, file, ct).ConfigureAwait(false);
            return reply;
        }
        finally
        {
            if (reply?.Area is null)
            {
                file?.Dispose();
                LetGo(sealer);
            }
        }
    }

    private async Task<AttachReply> AttachAsync(
        uint area, AttachOptions how, AreaSealer? sealer, EvictionFile? file, CancellationToken ct)
    {
        // (1)
        AttachRequest request = RequestOf(area, how);
        AttachResponse granted = await caller.AttachAsync(request, ct).ConfigureAwait(false);
        AttachOutcome outcome = OutcomeTable.Of(granted.Outcome);
        if (outcome is not (AttachOutcome.Attached or AttachOutcome.Resumed))
        {
            return Refused(outcome, granted);
        }

        await RequireLadderAsync(outcome, area, granted, ct).ConfigureAwait(false);

        if (how.DiscardsPages)
        {
            sealer?.BeginAnew();
        }

        // (2)
        PageRecord record = new() { IsCache = granted.Ephemeral };
        record.Local = file is null ? null : new LocalPages(file, area, record, sealer);
        record.Local?.BeginRecovery();
        if (!how.DiscardsPages
            && !await TryListAsync(record, area, granted.AttachEpoch, ct).ConfigureAwait(false))
        {
            return Refused(AttachOutcome.Fenced, granted);
        }

        await RequireRingAsync(how, area, granted, record, sealer, ct).ConfigureAwait(false);
        bool isSameSession = outcome == AttachOutcome.Resumed
            && file?.IsOfSession(request.SessionToken.Span, request.AttachEpoch) == true;
        record.Local?.EndRecovery(isTrusted: isSameSession && granted.HasLostPages);
        record.Local?.SetSession(request.SessionToken.Span, granted.AttachEpoch);

        // (3)
        AreaName name = new(options.Tenant, area, granted.AttachEpoch, record, granted.AreaSlots, sealer);
        AreaSession session = new(sessions, caller, time, request, granted, name, record, how.TicketChanged);
        SwapArea pages = createArea(name, new GenerationCounter(
            time, Math.Max(granted.NewestGeneration, record.Local?.NewestGeneration ?? 0)));
        return new AttachReply(
            outcome,
            new AttachedArea(pages, session, granted, record.Local, ReceiverOf(name, session), sealer),
            string.Empty,
            TimeSpan.Zero);
    }

    // A ring that this attempt has made is nobody's: the next one would take it for that of the area's pages.
    private static void LetGo(AreaSealer? sealer)
    {
        if (sealer?.Ring.IsNew == true)
        {
            sealer.Shred();
        }

        sealer?.Dispose();
    }

    // Pages that are there were not sealed with a ring that was made just now.
    private async Task RequireRingAsync(
        AttachOptions how,
        uint area,
        AttachResponse granted,
        PageRecord record,
        AreaSealer? sealer,
        CancellationToken ct)
    {
        if (sealer?.Ring.IsNew == true && !how.DiscardsPages && record.CountStored() > 0)
        {
            await caller.DetachAsync(area, granted.AttachEpoch, keepPages: true, ct).ConfigureAwait(false);
            throw sealer.Ring.Missing();
        }
    }

    private EvictionReceiver? ReceiverOf(AreaName name, AreaSession session) => name.Record?.Local is { } local
        ? new EvictionReceiver(evictions, options.Tenant, name, local, time, session.Fenced)
        : null;

    private AttachRequest RequestOf(uint area, AttachOptions how) => new()
    {
        Tenant = options.Tenant,
        Area = area,
        Mode = (V1.AttachMode)how.Mode,
        Holder = how.Holder,
        AttachEpoch = how.Ticket?.Epoch ?? 0,
        SessionToken = how.Ticket is { } ticket
            ? ByteString.CopyFrom(Convert.FromHexString(ticket.Token))
            : AreaSession.NewToken(),
        Attempt = AreaSession.NewToken(),
        Incarnation = how.Ticket?.Incarnation ?? how.PagesOfIncarnation,
        DiscardPages = how.DiscardsPages,
    };

    private async Task<bool> TryListAsync(PageRecord record, uint area, ulong epoch, CancellationToken ct)
    {
        ulong next = 0;
        do
        {
            ListPagesResponse listed =
                await caller.ListPagesAsync(area, epoch, next, ListedPages, ct).ConfigureAwait(false);
            if (listed.Fenced)
            {
                return false;
            }

            for (int i = 0; i < listed.Slots.Count; i++)
            {
                record.Add(
                    listed.Slots[i],
                    listed.Generations[i],
                    listed.HasChecksum[i] ? listed.PageChecksums[i] : null);
                record.Local?.Confirm(
                    listed.Slots[i],
                    listed.Generations[i],
                    listed.HasChecksum[i] ? listed.PageChecksums[i] : null,
                    i < listed.IsEvicted.Count && listed.IsEvicted[i]);
            }

            if (listed.NextSlot != 0 && listed.NextSlot <= next)
            {
                throw CallFailure.Protocol(
                    new CallSubject("List of pages", options.Tenant, area, default),
                    $"next_slot is {listed.NextSlot} after {next}");
            }

            next = listed.NextSlot;
        }
        while (next != 0);

        return true;
    }

    // Who waits longer for its server than that waits for it would find its pages dropped.
    private async Task RequireLadderAsync(
        AttachOutcome outcome, uint area, AttachResponse granted, CancellationToken ct)
    {
        TimeSpan kept = TimeSpan.FromMilliseconds(granted.LeaseMs + granted.AbandonedMs);
        if (options.CallDeadline >= kept)
        {
            if (outcome == AttachOutcome.Attached)
            {
                await caller.DetachAsync(area, granted.AttachEpoch, keepPages: true, ct).ConfigureAwait(false);
            }

            throw new InvalidOperationException(
                $"{nameof(options.CallDeadline)} is {options.CallDeadline}, and the server keeps an area whose owner it"
                + $" does not hear of for {kept}: a call could wait for pages that are dropped meanwhile. Make the"
                + " deadline shorter, or Store:AbandonedFor of the server longer.");
        }
    }

    private static AttachReply Refused(AttachOutcome outcome, AttachResponse granted) =>
        new(outcome, Area: null, granted.Holder, TimeSpan.FromMilliseconds(granted.HolderSilentMs));
}
