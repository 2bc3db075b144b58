using System.Buffers;
using RemoteSwap.Client.Messages;

namespace RemoteSwap.Client.Requests;

/// <summary>A store of a batch.</summary>
internal sealed class BatchStore(Stash<BatchStore> home) : BatchRequest(OperationKind.Store)
{
    private ReadOnlyMemory<ulong> _slots;
    private Memory<StoreOutcome> _outcomes;

    /// <inheritdoc/>
    protected override int PagesAskedFor => 0;

    /// <summary>Says where the outcomes go.</summary>
    public void Begin(ReadOnlyMemory<ulong> slots, Memory<StoreOutcome> outcomes)
    {
        _slots = slots;
        _outcomes = outcomes;
    }

    /// <inheritdoc/>
    public override string? Unpack(ReadOnlySequence<byte> reply, ReplyColumns columns, out long result)
    {
        result = 0;
        return columns.TryReadOutcomes(reply)
            ? OutcomeReply.LengthViolation(columns, _slots.Length)
                ?? OutcomeReply.Read(columns, _slots.Span, _outcomes.Span)
            : ReplyColumns.NoMessage;
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        _slots = default;
        _outcomes = default;
        home.Return(this);
    }
}
