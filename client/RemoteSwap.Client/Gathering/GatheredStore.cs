using System.Buffers;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Requests;
using RemoteSwap.Client.Telemetry;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Gathering;

/// <summary>Stores of single pages. Zpages are copied into the message as they come.</summary>
internal sealed class GatheredStore(Stash<GatheredStore> home, ClientMeter meter)
    : GatheredRequest(OperationKind.Store, meter)
{
    private readonly StoreColumns _columns = new(Gatherer.MaxPages);
    private readonly StoreOutcome[] _outcomes = new StoreOutcome[Gatherer.MaxPages];
    private int _zpageBytes;

    /// <inheritdoc/>
    protected override int MaxMessageBytes => StoreMessage.Room(Name, Count, _zpageBytes);

    /// <inheritdoc/>
    public override void Begin(Gatherer gatherer, AreaName name)
    {
        base.Begin(gatherer, name);
        _zpageBytes = 0;
        Message.Begin(StoreMessage.Room(name, pages: 1, PageSize.Bytes));
    }

    /// <inheritdoc/>
    public override void Prepare() => StoreMessage.Finish(Message, Name, _columns, Count, _zpageBytes);

    /// <inheritdoc/>
    protected override void Put(int index, in GatheredPage page)
    {
        Name.Record?.Issue(page.Slot, page.Generation);
        int end = StoreMessage.ZpagesStart + _zpageBytes;
        Message.EnsureRoom(StoreMessage.Room(Name, index + 1, _zpageBytes + page.Zpage.Length), end);
        page.Zpage.CopyTo(Message.Room[end..]);
        _zpageBytes += page.Zpage.Length;
        _columns.Slots[index] = page.Slot;
        ZpageIdentity identity = page.Identity;
        _columns.Set(index, page.Generation, in identity);
    }

    /// <inheritdoc/>
    protected override string? Read(ReadOnlySequence<byte> reply, ReplyColumns columns)
    {
        string? violation = columns.TryReadOutcomes(reply)
            ? OutcomeReply.LengthViolation(columns, Count)
                ?? OutcomeReply.Read(columns, Slots, _outcomes.AsSpan(0, Count))
            : ReplyColumns.NoMessage;

        RoomWait.Note(Name, _outcomes.AsSpan(0, Count), columns);

        // Also for those who have been given up: what is known now is known.
        for (int i = 0; i < Count && violation is null && Name.Record is not null; i++)
        {
            if (!RoomWait.IsUnderWay(Name, _outcomes[i]))
            {
                Name.Record.Settle(Slots[i], _columns.Generations[i], _columns.PageChecksums[i], _outcomes[i]);
            }
        }

        return violation;
    }

    /// <inheritdoc/>
    protected override long Unpack(ReplyColumns columns, int index, int start, int size, PendingCall call) =>
        (long)_outcomes[index];

    /// <inheritdoc/>
    protected override void Recycle() => home.Return(this);
}
