using System.Buffers;
using RemoteSwap.Client.Messages;

namespace RemoteSwap.Client.Requests;

/// <summary>An invalidation of slots, an acknowledgement of loads, or an invalidation of a run of slots.</summary>
internal sealed class BatchInvalidate(Stash<BatchInvalidate> home) : BatchRequest(OperationKind.Invalidate)
{
    private ReadOnlyMemory<ulong> _slots;
    private Memory<InvalidateOutcome> _outcomes;

    /// <inheritdoc/>
    protected override int PagesAskedFor => 0;

    /// <summary>Says where the outcomes go.</summary>
    /// <param name="slots">The slots; none: a run of slots, which has no outcomes but a number.</param>
    /// <param name="outcomes">Room for an outcome for each slot.</param>
    public void Begin(ReadOnlyMemory<ulong> slots, Memory<InvalidateOutcome> outcomes)
    {
        _slots = slots;
        _outcomes = outcomes;
    }

    /// <inheritdoc/>
    public override string? Unpack(ReadOnlySequence<byte> reply, ReplyColumns columns, out long result)
    {
        result = 0;
        if (!columns.TryReadOutcomes(reply))
        {
            return ReplyColumns.NoMessage;
        }

        result = (long)columns.RangePages;
        return _slots.IsEmpty
            ? null
            : OutcomeReply.LengthViolation(columns, _slots.Length)
                ?? OutcomeReply.Read(columns, _slots.Span, _outcomes.Span);
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        _slots = default;
        _outcomes = default;
        home.Return(this);
    }
}
