using System.Buffers;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Requests;

/// <summary>An invalidation of slots, an acknowledgement of loads, or an invalidation of a run of slots.</summary>
internal sealed class BatchInvalidate(Stash<BatchInvalidate> home, ClientMeter meter)
    : BatchRequest(OperationKind.Invalidate, meter)
{
    private AreaName _name = null!;
    private ReadOnlyMemory<ulong> _slots;
    private ulong _generation;
    private ulong _rangeCount;
    private ulong _rangeFirst;
    private Memory<InvalidateOutcome> _outcomes;
    private InvalidateOutcome _rangeOutcome;
    private long _rangePages;

    /// <inheritdoc/>
    public override int Pages => _slots.Length;

    /// <inheritdoc/>
    protected override int PagesAskedFor => 0;

    /// <summary>An invalidation of slots.</summary>
    /// <param name="name">Whose pages.</param>
    /// <param name="slots">The slots.</param>
    /// <param name="outcomes">Room for an outcome for each slot.</param>
    /// <param name="firstGeneration">Generation of the first; each further one has the next.</param>
    public void Begin(
        AreaName name, ReadOnlyMemory<ulong> slots, Memory<InvalidateOutcome> outcomes, ulong firstGeneration)
    {
        _name = name;
        _slots = slots;
        _outcomes = outcomes;
        _generation = firstGeneration;
        _rangeCount = 0;
        Watch.Begin(name);
        Watch.Join();
        for (int i = 0; i < slots.Length && name.Record is not null; i++)
        {
            name.Record.IssueInvalidation(slots.Span[i], firstGeneration + (ulong)i);
        }
    }

    /// <summary>An invalidation of a run of slots, which has no outcomes but a number.</summary>
    public void BeginRange(AreaName name, ulong first, ulong count, ulong generation)
    {
        _name = name;
        _slots = default;
        _outcomes = default;
        _generation = generation;
        _rangeFirst = first;
        _rangeCount = count;
        Watch.Begin(name);
        Watch.Join();
        if (count > 0)
        {
            name.Record?.IssueRange(first, count, generation);
        }
    }

    /// <summary>An acknowledgement of loads: neither outcomes nor a number are of interest.</summary>
    public void BeginAcknowledgement(AreaName name) => BeginRange(name, first: 0, count: 0, generation: 0);

    /// <inheritdoc/>
    public override string? Unpack(ReadOnlySequence<byte> reply, ReplyColumns columns, out long result)
    {
        result = 0;
        if (!columns.TryReadOutcomes(reply))
        {
            return ReplyColumns.NoMessage;
        }

        _rangeOutcome = columns.AreRangesFenced ? InvalidateOutcome.Fenced : InvalidateOutcome.Invalidated;
        _rangePages = columns.AreRangesFenced ? 0 : (long)columns.RangePages;
        result = columns.AreRangesFenced ? PageInvalidator.FencedRange : _rangePages;
        string? violation = _slots.IsEmpty
            ? null
            : OutcomeReply.LengthViolation(columns, _slots.Length)
                ?? OutcomeReply.Read(columns, _slots.Span, _outcomes.Span);
        if (violation is null && _name.Record is { } record)
        {
            Settle(record, columns);
        }

        return violation;
    }

    private void Settle(PageRecord record, ReplyColumns columns)
    {
        ReadOnlySpan<ulong> slots = _slots.Span;
        for (int i = 0; i < slots.Length; i++)
        {
            record.Settle(slots[i], _generation + (ulong)i, _outcomes.Span[i]);
        }

        if (columns.AreRangesFenced)
        {
            record.Fenced();
        }
        else if (_rangeCount > 0)
        {
            record.Settle(_rangeFirst, _rangeCount, _generation);
        }
    }

    /// <inheritdoc/>
    protected override int Count(ref OutcomeCounts counts)
    {
        foreach (InvalidateOutcome outcome in _outcomes.Span)
        {
            counts.Add((long)outcome);
        }

        if (_rangeCount > 0)
        {
            counts[(int)_rangeOutcome] += _rangePages;
        }

        return (int)_rangeOutcome;
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
