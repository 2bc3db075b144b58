using System.Buffers;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;
using RemoteSwap.Client.Requests;
using RemoteSwap.Client.Telemetry;
using RemoteSwap.Wire;

namespace RemoteSwap.Client.Gathering;

/// <summary>Loads of single pages; each is verified and decoded into its own caller's memory.</summary>
internal sealed class GatheredLoad(Stash<GatheredLoad> home, ClientMeter meter)
    : GatheredRequest(OperationKind.Load, meter)
{
    private const int MaxNumberBytes = 10;

    private readonly RecordMark[] _begun = new RecordMark[Gatherer.MaxPages];

    /// <inheritdoc/>
    protected override int PagesAskedFor => Count;

    /// <inheritdoc/>
    protected override int MaxMessageBytes => Name.MaxBytes + MessageWriter.ColumnBytes(Count, MaxNumberBytes);

    /// <inheritdoc/>
    public override void Prepare()
    {
        if (Message.Bytes == 0)
        {
            LoadMessage.Build(Message, Name, Slots, exclusive: false);
        }
    }

    /// <inheritdoc/>
    protected override void Put(int index, in GatheredPage page) =>
        _begun[index] = Name.Record?.MarkOf(page.Slot) ?? default;

    /// <inheritdoc/>
    protected override string? Read(ReadOnlySequence<byte> reply, ReplyColumns columns) =>
        columns.TryReadPages(reply) ? LoadReply.Violation(columns, Slots) : ReplyColumns.NoMessage;

    /// <inheritdoc/>
    protected override int ZpageBytes(ReplyColumns columns, int index) => (int)columns.Sizes[index];

    /// <inheritdoc/>
    protected override long Unpack(ReplyColumns columns, int index, int start, int size, PendingCall call) =>
        (long)LoadReply.Unpack(
            columns,
            index,
            columns.ZpageBytes.Slice(start, size),
            Name,
            Slots[index],
            _begun[index],
            call.Page.Span);

    /// <inheritdoc/>
    protected override void Recycle() => home.Return(this);
}
