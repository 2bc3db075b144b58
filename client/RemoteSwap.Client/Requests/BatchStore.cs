using System.Buffers;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Requests;

/// <summary>A store of a batch.</summary>
internal sealed class BatchStore(Stash<BatchStore> home, ClientMeter meter) : BatchRequest(OperationKind.Store, meter)
{
    private AreaName _name = null!;
    private ReadOnlyMemory<ulong> _slots;
    private Memory<StoreOutcome> _outcomes;
    private ulong _firstGeneration;
    private uint[] _checksums = [];
    private bool _isSentAgain;

    /// <inheritdoc/>
    public override int Pages => _slots.Length;

    /// <inheritdoc/>
    protected override int PagesAskedFor => 0;

    /// <summary>Says where the outcomes go.</summary>
    /// <param name="name">Whose pages.</param>
    /// <param name="slots">The slots.</param>
    /// <param name="outcomes">Room for the outcomes.</param>
    /// <param name="firstGeneration">Generation of the first page; each further page has the next.</param>
    /// <param name="isSentAgain">Whether pages that find the server full may be sent again; then the sender settles
    /// those refusals.</param>
    public void Begin(
        AreaName name,
        ReadOnlyMemory<ulong> slots,
        Memory<StoreOutcome> outcomes,
        ulong firstGeneration,
        bool isSentAgain = false)
    {
        _isSentAgain = isSentAgain;
        _name = name;
        _slots = slots;
        _outcomes = outcomes;
        _firstGeneration = firstGeneration;
        Watch.Begin(name);
        Watch.Join();
        name.Record?.Issue(slots.Span, firstGeneration);
    }

    /// <summary>Keeps the page checksums of the message that was built, for the record.</summary>
    public void Keep(StoreColumns columns)
    {
        int pages = _slots.Length;
        if (_name.Record is not null)
        {
            _checksums = _checksums.Length < pages ? new uint[pages] : _checksums;
            columns.PageChecksums.AsSpan(0, pages).CopyTo(_checksums);
        }
    }

    /// <inheritdoc/>
    public override string? Unpack(ReadOnlySequence<byte> reply, ReplyColumns columns, out long result)
    {
        result = 0;
        ReadOnlySpan<ulong> slots = _slots.Span;
        string? violation = columns.TryReadOutcomes(reply)
            ? OutcomeReply.LengthViolation(columns, slots.Length)
                ?? OutcomeReply.Read(columns, slots, _outcomes.Span)
            : ReplyColumns.NoMessage;
        RoomWait.Note(_name, _outcomes.Span, columns);
        for (int i = 0; i < slots.Length && violation is null && _name.Record is not null; i++)
        {
            StoreOutcome outcome = _outcomes.Span[i];
            if (!(_isSentAgain && RoomWait.IsUnderWay(_name, outcome)))
            {
                _name.Record.Settle(slots[i], _firstGeneration + (ulong)i, _checksums[i], outcome);
            }
        }

        return violation;
    }

    /// <inheritdoc/>
    protected override int Count(ref OutcomeCounts counts)
    {
        foreach (StoreOutcome outcome in _outcomes.Span)
        {
            counts.Add((long)outcome);
        }

        return (int)StoreOutcome.Stored;
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        _name = null!;
        _slots = default;
        _outcomes = default;
        home.Return(this);
    }
}
