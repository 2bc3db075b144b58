using System.Buffers;
using Google.Protobuf;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;
using RemoteSwap.V1;
using InvalidateOutcome = RemoteSwap.Store.InvalidateOutcome;

namespace RemoteSwap.Server.Grpc.Calls;

/// <summary>
/// One Invalidate. It carries no pages, so generated messages serve: a swap device forgets by range, and a range costs
/// one message however long it is.
/// </summary>
internal sealed class InvalidateCall(PageStore store, ServerMeter meter, RequestCheck check)
{
    /// <summary>Carries out an Invalidate that came as bytes.</summary>
    public CallRefusal? Run(
        ReadOnlySequence<byte> message,
        Caller caller,
        in SpanParent parent,
        InvalidateResponse response,
        StreamSeat seat,
        out TimeSpan pause,
        CancellationToken cancellation)
    {
        pause = TimeSpan.Zero;
        InvalidateRequest request = new();
        try
        {
            request.MergeFrom(message);
        }
        catch (InvalidProtocolBufferException)
        {
            return CallRefusal.Malformed(nameof(InvalidateRequest));
        }

        return Run(request, caller, in parent, response, seat, out pause, cancellation);
    }

    /// <summary>Carries out an Invalidate.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">Who sent it.</param>
    /// <param name="parent">Where its span hangs.</param>
    /// <param name="response">Takes the outcomes.</param>
    /// <param name="seat">The stream on which it came; null: none.</param>
    /// <param name="pause">How long its answer is to be held back.</param>
    /// <param name="cancellation">Ends it between two slabs.</param>
    /// <returns>Why it was refused as a whole; null: it was not.</returns>
    public CallRefusal? Run(
        InvalidateRequest request,
        Caller caller,
        in SpanParent parent,
        InvalidateResponse response,
        StreamSeat? seat,
        out TimeSpan pause,
        CancellationToken cancellation)
    {
        QuotaShare share = default;
        CallTiming timing = meter.Invalidations.Begin(in parent);
        OutcomeTally tally = new(stackalloc long[OutcomeTally.MaxOutcomes]);
        Tenant? tenant = null;
        CallRefusal? refusal = null;
        try
        {
            StageClock? clock = timing.IsRecorded ? new StageClock() : null;
            RequestSpans.NoteRead(timing.Span, timing.IsRecorded ? request.CalculateSize() : 0, request.Slots.Count);
            refusal = check.CheckArea(caller, request.Tenant, request.Area, out tenant)
                ?? share.Begin(tenant, request.CalculateSize(), seat)
                ?? RequestCheck.Check(request, tenant)
                ?? Forget(request, tenant, response, clock, ref tally, cancellation);
            RequestSpans.NoteStages(timing.Span, clock);
            return refusal;
        }
        finally
        {
            pause = share.Pause;
            share.End();
            meter.Invalidations.End(
                in timing, tenant?.Name, refusal is null ? tally : OutcomeTally.OfRefused);
        }
    }

    private CallRefusal? Forget(
        InvalidateRequest request,
        Tenant tenant,
        InvalidateResponse response,
        StageClock? clock,
        ref OutcomeTally tally,
        CancellationToken cancellation)
    {
        AreaId area = new(request.Area);
        AttachEpoch epoch = new(request.AttachEpoch);
        response.Outcomes.Capacity = request.Slots.Count;
        for (int page = 0; page < request.Slots.Count; page++)
        {
            Generation generation = new(request.Generations.Count == 0 ? 0 : request.Generations[page]);
            InvalidateOutcome outcome = store.Invalidate(
                tenant, area, new Slot(request.Slots[page]), generation, request.AcknowledgeLoad, epoch, clock);
            tally.Add((byte)outcome, 1);
            response.Outcomes.Add(OutcomeTable.ToWire(outcome));
        }

        Generation rangesGeneration = new(request.RangesGeneration);
        foreach ((ulong first, ulong count) in MergedRanges.Of(request.Ranges))
        {
            InvalidatedPages gone = store.InvalidateRange(
                tenant, area, new Slot(first), count, rangesGeneration, epoch, cancellation);
            if (gone.Outcome == InvalidateOutcome.Invariant)
            {
                return CallRefusal.Broken(tenant);
            }

            response.RangePages += (ulong)gone.Pages;
            response.RangesFenced |= gone.Outcome == InvalidateOutcome.Fenced;
            tally.Add((byte)InvalidateOutcome.Invalidated, gone.Pages);
        }

        return null;
    }
}
