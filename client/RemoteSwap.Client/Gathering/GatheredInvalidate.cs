using System.Buffers;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Requests;
using RemoteSwap.Client.Telemetry;
using RemoteSwap.Wire;

namespace RemoteSwap.Client.Gathering;

/// <summary>Invalidations of single slots.</summary>
internal sealed class GatheredInvalidate(Stash<GatheredInvalidate> home, ClientMeter meter)
    : GatheredRequest(OperationKind.Invalidate, meter)
{
    private const int Columns = 2;
    private const int MaxNumberBytes = 10;

    private readonly ulong[] _generations = new ulong[Gatherer.MaxPages];
    private readonly InvalidateOutcome[] _outcomes = new InvalidateOutcome[Gatherer.MaxPages];

    /// <inheritdoc/>
    protected override int MaxMessageBytes =>
        Name.MaxBytes + (Columns * MessageWriter.ColumnBytes(Count, MaxNumberBytes));

    /// <inheritdoc/>
    public override void Prepare()
    {
        if (Message.Bytes == 0)
        {
            InvalidateMessage.Build(
                Message, Name, Slots, _generations.AsSpan(0, Count), acknowledgesLoad: false);
        }
    }

    /// <inheritdoc/>
    protected override void Put(int index, in GatheredPage page)
    {
        Name.Record?.IssueInvalidation(page.Slot, page.Generation);
        _generations[index] = page.Generation;
    }

    /// <inheritdoc/>
    protected override string? Read(ReadOnlySequence<byte> reply, ReplyColumns columns)
    {
        string? violation = columns.TryReadOutcomes(reply)
            ? OutcomeReply.LengthViolation(columns, Count)
                ?? OutcomeReply.Read(columns, Slots, _outcomes.AsSpan(0, Count))
            : ReplyColumns.NoMessage;
        for (int i = 0; i < Count && violation is null && Name.Record is not null; i++)
        {
            Name.Record.Settle(Slots[i], _generations[i], _outcomes[i]);
        }

        return violation;
    }

    /// <inheritdoc/>
    protected override long Unpack(ReplyColumns columns, int index, int start, int size, PendingCall call) =>
        (long)_outcomes[index];

    /// <inheritdoc/>
    protected override void Recycle() => home.Return(this);
}
