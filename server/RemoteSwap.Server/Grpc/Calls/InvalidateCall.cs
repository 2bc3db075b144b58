using System.Buffers;
using Google.Protobuf;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc.Calls;

/// <summary>
/// One Invalidate. It carries no pages, so generated messages serve: a swap device forgets by range, and a range costs
/// one message however long it is.
/// </summary>
internal sealed class InvalidateCall(PageStore store, ServerMeter meter, RequestCheck check)
{
    /// <summary>Carries out an Invalidate that came as bytes.</summary>
    public CallRefusal? Run(ReadOnlySequence<byte> message, InvalidateResponse response, CancellationToken cancellation)
    {
        InvalidateRequest request = new();
        try
        {
            request.MergeFrom(message);
        }
        catch (InvalidProtocolBufferException)
        {
            return CallRefusal.Malformed(nameof(InvalidateRequest));
        }

        return Run(request, response, cancellation);
    }

    /// <summary>Carries out an Invalidate.</summary>
    /// <returns>Why it was refused as a whole; null: it was not.</returns>
    public CallRefusal? Run(InvalidateRequest request, InvalidateResponse response, CancellationToken cancellation)
    {
        using CallTiming timing = meter.BeginInvalidate(request.Slots.Count);
        CallRefusal? refusal = check.CheckArea(request.Tenant, request.Area, out Tenant tenant)
            ?? RequestCheck.Check(request, tenant);
        if (refusal is not null)
        {
            return refusal;
        }

        AreaId area = new(request.Area);
        AttachEpoch epoch = new(request.AttachEpoch);
        response.Outcomes.Capacity = request.Slots.Count;
        for (int page = 0; page < request.Slots.Count; page++)
        {
            Generation generation = new(request.Generations.Count == 0 ? 0 : request.Generations[page]);
            response.Outcomes.Add(OutcomeTable.ToWire(
                store.Invalidate(
                    tenant, area, new Slot(request.Slots[page]), generation, request.AcknowledgeLoad, epoch)));
        }

        Generation rangesGeneration = new(request.RangesGeneration);
        foreach ((ulong first, ulong count) in MergedRanges.Of(request.Ranges))
        {
            InvalidatedPages gone = store.InvalidateRange(
                tenant, area, new Slot(first), count, rangesGeneration, epoch, cancellation);
            if (gone.Outcome == Store.InvalidateOutcome.Invariant)
            {
                return CallRefusal.Broken(tenant);
            }

            response.RangePages += (ulong)gone.Pages;
            response.RangesFenced |= gone.Outcome == Store.InvalidateOutcome.Fenced;
        }

        return null;
    }
}
