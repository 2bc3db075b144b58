using System.Buffers;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Requests;

/// <summary>A load of a batch: pages are verified and decoded from the reply into the caller's memory.</summary>
internal sealed class BatchLoad(Stash<BatchLoad> home, ClientMeter meter) : BatchRequest(OperationKind.Load, meter)
{
    private AreaName _name = null!;
    private RecordMark[] _begun = [];
    private ReadOnlyMemory<ulong> _slots;
    private Memory<byte> _pages;
    private Memory<LoadOutcome> _outcomes;
    private Memory<ulong> _generations;

    /// <inheritdoc/>
    public override int Pages => _slots.Length;

    /// <inheritdoc/>
    protected override int PagesAskedFor => _slots.Length;

    /// <summary>Says where pages and outcomes go.</summary>
    /// <param name="name">Whose pages.</param>
    /// <param name="slots">The slots.</param>
    /// <param name="pages">Room for the pages; that of every page that is not loaded is cleared.</param>
    /// <param name="outcomes">Room for the outcomes.</param>
    /// <param name="generations">Room for the generations; empty: they are not wanted.</param>
    public void Begin(
        AreaName name,
        ReadOnlyMemory<ulong> slots,
        Memory<byte> pages,
        Memory<LoadOutcome> outcomes,
        Memory<ulong> generations)
    {
        _name = name;
        _slots = slots;
        _pages = pages;
        _outcomes = outcomes;
        _generations = generations;
        Watch.Begin(name);
        Watch.Join();
        RecordMarks.Take(name.Record, slots.Span, ref _begun);
    }

    /// <inheritdoc/>
    public override string? Unpack(ReadOnlySequence<byte> reply, ReplyColumns columns, out long result)
    {
        result = 0;
        ReadOnlySpan<ulong> slots = _slots.Span;
        string? violation = columns.TryReadPages(reply)
            ? LoadReply.Violation(columns, slots)
            : ReplyColumns.NoMessage;
        if (violation is not null)
        {
            return violation;
        }

        ReadOnlySpan<byte> zpages = columns.ZpageBytes;
        Span<byte> pages = _pages.Span;
        Span<LoadOutcome> outcomes = _outcomes.Span;
        for (int i = 0; i < slots.Length; i++)
        {
            int size = (int)columns.Sizes[i];
            RecordMark begun = _name.Record is null ? default : _begun[i];
            outcomes[i] = LoadReply.Unpack(
                columns, i, zpages[..size], _name, slots[i], begun, PageBytes.Of(pages, i));
            zpages = zpages[size..];
        }

        if (!_generations.IsEmpty)
        {
            columns.Generations.AsSpan(0, slots.Length).CopyTo(_generations.Span);
        }

        return null;
    }

    /// <inheritdoc/>
    protected override int Count(ref OutcomeCounts counts)
    {
        foreach (LoadOutcome outcome in _outcomes.Span)
        {
            counts.Add((long)outcome);
        }

        return (int)LoadOutcome.Loaded;
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        _name = null!;
        _slots = default;
        _pages = default;
        _outcomes = default;
        _generations = default;
        home.Return(this);
    }
}
