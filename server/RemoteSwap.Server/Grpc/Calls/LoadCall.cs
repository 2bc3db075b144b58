using System.Buffers;
using System.Runtime.InteropServices;
using RemoteSwap.Codec;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;
using RemoteSwap.V1;
using RemoteSwap.Wire;
using LoadOutcome = RemoteSwap.Store.LoadOutcome;

namespace RemoteSwap.Server.Grpc.Calls;

/// <summary>
/// One Load, from the bytes of its message to the bytes of its reply: (a) slots are read into a batch, (b) checked, (c)
/// the store copies zpages from frames straight into the reply, (d) the columns are written after them.
/// <para>
/// In a reply the zpages stand before the columns. Their number of bytes is not known before the last one is copied, so
/// the length of their field has a fixed size and is filled in at the end.
/// </para>
/// <para>Made once and used again; one user at a time.</para>
/// </summary>
internal sealed class LoadCall(PageStore store, ServerMeter meter, RequestCheck check)
{
    // Outcome, generation (8 bytes carry 56 bits), size, encoding, two checksums.
    private const int MaxColumnBytesEach = 1 + 8 + 2 + 1 + (2 * sizeof(uint));
    private const int Columns = 6;

    private readonly CallArea _area = new(check);
    private readonly uint[] _sizes = new uint[StoreBatch.MaxPages];
    private readonly ulong[] _generations = new ulong[StoreBatch.MaxPages];
    private readonly uint[] _checksums = new uint[StoreBatch.MaxPages];
    private readonly byte[] _numbers = new byte[StoreBatch.MaxPages];
    private StageClock? _clock;
    private CallTiming _timing;
    private int _slots;
    private QuotaShare _share;
    private long _requestBytes;

    /// <summary>Which of a stream's requests this is.</summary>
    public ulong RequestId { get; set; }

    /// <summary>The batch.</summary>
    public LoadBatch Batch { get; } = new();

    /// <summary>The tenant, once the call is checked and not refused.</summary>
    public Tenant Tenant { get; private set; } = null!;

    /// <summary>Why the call was refused as a whole; null: it was not.</summary>
    public CallRefusal? Refusal { get; private set; }

    /// <summary>The most bytes of the reply's zpages.</summary>
    public int MaxZpageBytes => Batch.Count * ZpageLimits.MaxBytes;

    /// <summary>The most bytes of the reply's columns.</summary>
    public int MaxColumnBytes => (Columns * MessageWriter.ColumnBytes(0, 0)) + (Batch.Count * MaxColumnBytesEach);

    /// <summary>The most bytes of the reply.</summary>
    public int MaxReplyBytes => MessageWriter.OpenBytes + MaxZpageBytes + MaxColumnBytes;

    /// <summary>(a), (b) Reads and checks a message, whose bytes are not used after it returns.</summary>
    /// <param name="message">The message.</param>
    /// <param name="caller">Who sent it.</param>
    /// <param name="parent">Where the call's span hangs.</param>
    public void Read(ReadOnlySequence<byte> message, Caller caller, in SpanParent parent)
    {
        _timing = meter.Loads.Begin(in parent);
        _share = default;
        _requestBytes = message.Length;
        Refusal = ReadFields(message);
        RequestSpans.NoteRead(_timing.Span, message.Length, _slots);
        Tenant tenant = null!;
        Refusal ??= _area.Check(caller, out tenant);
        Refusal ??= RequestCheck.CheckSlots(Batch.Slots, _slots, tenant);
        Tenant = tenant;
        if (Refusal is not null)
        {
            meter.Loads.End(in _timing, tenant?.Name, OutcomeTally.OfRefused);
            _timing = default;
        }
    }

    /// <summary>How long its answer is to be held back.</summary>
    public TimeSpan Pause => _share.Pause;

    /// <summary>(b) Asks whether the tenant may have one more call under way; <see cref="EndShare"/> must
    /// follow.</summary>
    /// <param name="seat">The stream on which it came; null: none.</param>
    public void BeginShare(StreamSeat? seat)
    {
        Refusal ??= _share.Begin(Tenant, _requestBytes + ((long)Batch.Count * PageSize.Bytes), seat);
        if (Refusal is not null)
        {
            meter.Loads.End(in _timing, Tenant.Name, OutcomeTally.OfRefused);
            _timing = default;
        }
    }

    /// <summary>Nothing of it lies in memory any more.</summary>
    public void EndShare() => _share.End();

    /// <summary>(c) Loads all pages whose zpages are in memory into a place that is to be sent.</summary>
    /// <param name="room">Room for <see cref="MaxZpageBytes"/>.</param>
    /// <returns>
    /// Whether all are; if not, nothing may be sent from the room, and <see cref="ReadSpilledAsync"/> does the rest.
    /// </returns>
    public bool TryLoad(Memory<byte> room)
    {
        Begin(room);
        bool isWhole = store.Load(Tenant, Batch);
        if (isWhole)
        {
            End();
        }

        return isWhole;
    }

    /// <summary>(c) Loads the pages into the batch's own buffer.</summary>
    public async ValueTask LoadAsync()
    {
        Begin(room: default);
        try
        {
            await store.LoadAsync(Tenant, Batch);
        }
        finally
        {
            End();
        }
    }

    /// <summary>(c) Reads what <see cref="TryLoad"/> found spilled, into the batch's own buffer.</summary>
    public async ValueTask ReadSpilledAsync()
    {
        try
        {
            await store.ReadSpilledAsync(Tenant, Batch);
        }
        finally
        {
            End();
        }
    }

    /// <summary>(d) Writes the columns that go with the zpages.</summary>
    public void WriteColumns(ref MessageWriter reply)
    {
        int count = Batch.Count;
        Span<byte> numbers = _numbers.AsSpan(0, count);
        Span<uint> checksums = _checksums.AsSpan(0, count);
        ReadOnlySpan<LoadedPage> pages = Batch.Pages.AsSpan(0, count);

        for (int page = 0; page < pages.Length; page++)
        {
            numbers[page] = (byte)OutcomeTable.ToWire(Batch.Outcomes[page]);
            _generations[page] = pages[page].Generation.Value;
            _sizes[page] = (uint)pages[page].Length;
            checksums[page] = pages[page].ZpageChecksum;
        }

        reply.WriteColumn(LoadResponse.OutcomesFieldNumber, numbers);
        reply.WriteColumn(LoadResponse.GenerationsFieldNumber, _generations.AsSpan(0, count));
        reply.WriteColumn(LoadResponse.SizesFieldNumber, _sizes.AsSpan(0, count));
        reply.WriteFixedColumn(LoadResponse.ZpageChecksumsFieldNumber, checksums);

        for (int page = 0; page < pages.Length; page++)
        {
            numbers[page] = (byte)pages[page].Encoding;
            checksums[page] = pages[page].PageChecksum;
        }

        reply.WriteColumn(LoadResponse.EncodingsFieldNumber, numbers);
        reply.WriteFixedColumn(LoadResponse.PageChecksumsFieldNumber, checksums);
    }

    private void Begin(Memory<byte> room)
    {
        _timing = _timing.Again();
        Batch.SetDestination(room);
        Batch.Clock = _timing.IsRecorded ? (_clock ??= new StageClock()).Restarted() : null;
    }

    private void End()
    {
        OutcomeTally tally = new(stackalloc long[OutcomeTally.MaxOutcomes]);
        tally.Add(MemoryMarshal.Cast<LoadOutcome, byte>(Batch.Outcomes.AsSpan(0, Batch.Count)));
        RequestSpans.NoteStages(_timing.Span, Batch.Clock);
        meter.Loads.End(in _timing, Tenant.Name, in tally);
        _timing = default;
    }

    private CallRefusal? ReadFields(ReadOnlySequence<byte> message)
    {
        _area.Clear();
        _slots = 0;
        Batch.Exclusive = false;
        MessageReader reader = new(message);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field)
            {
                case LoadRequest.TenantFieldNumber when type == WireType.Length:
                    _area.SetTenant(reader.ReadBytes());
                    break;
                case LoadRequest.AreaFieldNumber when type == WireType.Varint:
                    _area.Number = (uint)reader.ReadVarint();
                    break;
                case LoadRequest.AttachEpochFieldNumber when type == WireType.Varint:
                    _area.Epoch = reader.ReadVarint();
                    break;
                case LoadRequest.SlotsFieldNumber:
                    reader.ReadColumn(type, Batch.Slots, ref _slots);
                    break;
                case LoadRequest.ExclusiveFieldNumber when type == WireType.Varint:
                    Batch.Exclusive = reader.ReadVarint() != 0;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        Batch.Area = new AreaId(_area.Number);
        Batch.Epoch = new AttachEpoch(_area.Epoch);
        Batch.Count = Math.Min(_slots, StoreBatch.MaxPages);
        return reader.IsMalformed ? CallRefusal.Malformed(nameof(LoadRequest)) : null;
    }
}
