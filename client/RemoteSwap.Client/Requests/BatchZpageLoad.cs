using System.Buffers;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;
using RemoteSwap.Client.Telemetry;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Requests;

/// <summary>A load of a batch whose zpages are checked and handed out as they are.</summary>
internal sealed class BatchZpageLoad(Stash<BatchZpageLoad> home, ClientMeter meter)
    : BatchRequest(OperationKind.Load, meter)
{
    private AreaName _name = null!;
    private RecordMark[] _begun = [];
    private ZpageBatch _batch = null!;

    /// <inheritdoc/>
    public override int Pages => _batch.Count;

    /// <inheritdoc/>
    protected override int PagesAskedFor => _batch.Count;

    /// <summary>Says where everything goes.</summary>
    public void Begin(AreaName name, ZpageBatch batch)
    {
        _name = name;
        _batch = batch;
        Watch.Begin(name);
        Watch.Join();
        RecordMarks.Take(name.Record, batch.Slots, ref _begun);
    }

    /// <inheritdoc/>
    public override string? Unpack(ReadOnlySequence<byte> reply, ReplyColumns columns, out long result)
    {
        result = 0;
        ZpageBatch batch = _batch;
        string? violation = columns.TryReadPages(reply)
            ? LoadReply.Violation(columns, batch.Slots)
            : ReplyColumns.NoMessage;
        if (violation is not null)
        {
            return violation;
        }

        ReadOnlySpan<byte> zpages = columns.ZpageBytes;
        Span<byte> room = batch.Zpages.Span;
        for (int i = 0; i < batch.Count; i++)
        {
            ReadOnlySpan<byte> zpage = zpages[..(int)columns.Sizes[i]];
            zpages = zpages[zpage.Length..];
            RecordMark begun = _name.Record is null ? default : _begun[i];
            LoadOutcome outcome = LoadReply.Check(columns, i, zpage, _name, batch.Slots[i], begun);
            if (outcome == LoadOutcome.Loaded)
            {
                zpage.CopyTo(room);
                room = room[zpage.Length..];
                Set(batch, i, columns, zpage.Length);
            }
            else
            {
                Clear(batch, i);
            }

            batch.LoadOutcomes[i] = outcome;
        }

        return null;
    }

    /// <inheritdoc/>
    protected override int Count(ref OutcomeCounts counts)
    {
        foreach (LoadOutcome outcome in _batch.LoadOutcomes)
        {
            counts.Add((long)outcome);
        }

        return (int)LoadOutcome.Loaded;
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        _batch = null!;
        _name = null!;
        home.Return(this);
    }

    private void Set(ZpageBatch batch, int page, ReplyColumns columns, int size)
    {
        ulong generation = columns.Generations[page];
        batch.Sizes[page] = size;
        batch.Encodings[page] = OutcomeTable.Of((V1.Encoding)columns.Encodings[page]);
        batch.Generations[page] = generation;
        batch.PageCrcs[page] =
            BoundChecksum.Bind(columns.PageChecksums[page], _name.Area, batch.Slots[page], generation);
    }

    private static void Clear(ZpageBatch batch, int page)
    {
        batch.Sizes[page] = 0;
        batch.Encodings[page] = ZpageEncoding.None;
        batch.Generations[page] = 0;
        batch.PageCrcs[page] = 0;
    }
}
