using System.Buffers;
using System.Runtime.InteropServices;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;
using RemoteSwap.V1;
using RemoteSwap.Wire;
using StoreOutcome = RemoteSwap.Store.StoreOutcome;

namespace RemoteSwap.Server.Grpc.Calls;

/// <summary>
/// One Store, from the bytes of its message to the bytes of its reply: (a) the columns are read into a batch and the
/// zpages left where they lie, (b) everything a peer can get wrong is checked, (c) the store copies the zpages from the
/// message straight into frames, (d) the outcomes are written.
/// <para>
/// What it is not: a generated message. Generated code would copy every zpage to the heap and box columns in lists; the
/// format on the wire is the same. Made once and used again; one user at a time.
/// </para>
/// </summary>
internal sealed class StoreCall(PageStore store, ServerMeter meter, RequestCheck check)
{
    /// <summary>The most bytes of a reply.</summary>
    public const int MaxReplyBytes = 1 + 2 + StoreBatch.MaxPages + 1 + MaxPermilleBytes + 1 + 1
        + (2 * MaxNumberBytes);

    // A few writes of the spill file; one byte on the wire.
    private const uint RetryAfterMilliseconds = 5;

    private const int MaxPermilleBytes = 2;

    // A tag and the longest number.
    private const int MaxNumberBytes = 1 + 10;

    private readonly CallArea _area = new(check);
    private readonly StoreBatch _batch = new();
    private readonly StoreColumns _columns = new();
    private StageClock? _clock;
    private uint _usagePermille;
    private QuotaShare _share;
    private Tenant? _tenant;

    /// <summary>Why the call was refused as a whole; null: it was not.</summary>
    public CallRefusal? Refusal { get; private set; }

    /// <summary>
    /// Whether the server drains and nothing was done, because the sender sends the same to the server's next life.
    /// </summary>
    public bool IsPutOff { get; private set; }

    /// <summary>How long its answer is to be held back.</summary>
    public TimeSpan Pause => _share.Pause;

    /// <summary>
    /// Carries out the Store that a message asks for. The message's bytes are not used after it returns.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="caller">Who sent it.</param>
    /// <param name="parent">Where its span hangs.</param>
    /// <param name="waitsForRestart">Whether the sender would rather send it again than have it refused.</param>
    /// <param name="seat">The stream on which it came; null: none.</param>
    public void Run(
        ReadOnlySequence<byte> message,
        Caller caller,
        in SpanParent parent,
        bool waitsForRestart = false,
        StreamSeat? seat = null)
    {
        CallTiming timing = meter.Stores.Begin(in parent);

        // (a)
        IsPutOff = false;
        _share = default;
        Refusal = Read(message);
        RequestSpans.NoteRead(timing.Span, message.Length, _columns.Slots);

        // (b)
        Tenant? tenant = null;
        Refusal ??= _area.Check(caller, out tenant);
        Refusal ??= _share.Begin(tenant!, message.Length, seat);
        Refusal ??= _columns.Check(_batch, tenant!);
        try
        {
            if (Refusal is null)
            {
                // (c)
                _batch.WaitsForRestart = waitsForRestart;
                _batch.Clock = timing.IsRecorded ? (_clock ??= new StageClock()).Restarted() : null;
                store.Store(tenant!, _batch);
                IsPutOff = waitsForRestart && _batch.Outcomes[0] == Store.StoreOutcome.Draining;
                _usagePermille = (uint)tenant!.UsagePermille;
            }
        }
        finally
        {
            // Nothing of the request is kept.
            _share.End();
            _batch.Zpages = default;
        }

        _tenant = tenant;
        End(in timing, tenant);
    }

    /// <summary>(d) Writes the reply to a call that was not refused.</summary>
    public void WriteReply(ref MessageWriter reply)
    {
        Span<byte> outcomes = stackalloc byte[StoreBatch.MaxPages];
        bool isFull = false;
        bool isOverQuota = false;
        for (int page = 0; page < _batch.Count; page++)
        {
            outcomes[page] = (byte)OutcomeTable.ToWire(_batch.Outcomes[page]);
            isOverQuota |= _batch.Outcomes[page] == StoreOutcome.PageQuota;
            isFull |= _batch.Outcomes[page] is StoreOutcome.TenantLimit or StoreOutcome.PoolLimit;
        }

        reply.WriteColumn(StoreResponse.OutcomesFieldNumber, outcomes[.._batch.Count]);
        reply.WriteNumber(StoreResponse.UsagePermilleFieldNumber, _usagePermille);
        if (isFull && store.Statistics is { } now && now.SpillUsedBytes < now.SpillLimitBytes)
        {
            reply.WriteNumber(StoreResponse.RetryAfterMsFieldNumber, RetryAfterMilliseconds);
        }

        if (isOverQuota && _tenant is { } tenant)
        {
            reply.WriteNumber(StoreResponse.PageQuotaFieldNumber, (ulong)tenant.Quotas.Quotas.Pages);
            reply.WriteNumber(StoreResponse.PageQuotaUsedFieldNumber, (ulong)tenant.CountedPages);
        }
    }

    private void End(in CallTiming timing, Tenant? tenant)
    {
        if (Refusal is not null)
        {
            meter.Stores.End(in timing, tenant?.Name, OutcomeTally.OfRefused);
            return;
        }

        OutcomeTally tally = new(stackalloc long[OutcomeTally.MaxOutcomes]);
        tally.Add(MemoryMarshal.Cast<StoreOutcome, byte>(_batch.Outcomes.AsSpan(0, _batch.Count)));
        RequestSpans.NoteStages(timing.Span, _batch.Clock);
        meter.Stores.End(in timing, tenant?.Name, in tally);
    }

    private CallRefusal? Read(ReadOnlySequence<byte> message)
    {
        _area.Clear();
        _columns.Clear();
        StoreBatch batch = _batch;
        batch.AllOrNothing = false;
        batch.Encode = false;
        batch.Zpages = default;
        MessageReader reader = new(message);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field)
            {
                case StoreRequest.TenantFieldNumber when type == WireType.Length:
                    _area.SetTenant(reader.ReadBytes());
                    break;
                case StoreRequest.AreaFieldNumber when type == WireType.Varint:
                    _area.Number = (uint)reader.ReadVarint();
                    break;
                case StoreRequest.AttachEpochFieldNumber when type == WireType.Varint:
                    _area.Epoch = reader.ReadVarint();
                    break;
                case StoreRequest.SlotsFieldNumber:
                    reader.ReadColumn(type, batch.Slots, ref _columns.Slots);
                    break;
                case StoreRequest.GenerationsFieldNumber:
                    reader.ReadColumn(type, batch.Generations, ref _columns.Generations);
                    break;
                case StoreRequest.SizesFieldNumber:
                    reader.ReadColumn(type, MemoryMarshal.Cast<int, uint>(batch.Sizes.AsSpan()), ref _columns.Sizes);
                    break;
                case StoreRequest.EncodingsFieldNumber:
                    reader.ReadColumn(type, _columns.EncodingNumbers, ref _columns.Encodings);
                    break;
                case StoreRequest.ZpageChecksumsFieldNumber:
                    reader.ReadFixedColumn(type, batch.ZpageChecksums, ref _columns.ZpageChecksums);
                    break;
                case StoreRequest.PageChecksumsFieldNumber:
                    reader.ReadFixedColumn(type, batch.PageChecksums, ref _columns.PageChecksums);
                    break;
                case StoreRequest.ZpagesFieldNumber when type == WireType.Length:
                    batch.Zpages = reader.ReadBytes();
                    break;
                case StoreRequest.AllOrNothingFieldNumber when type == WireType.Varint:
                    batch.AllOrNothing = reader.ReadVarint() != 0;
                    break;
                case StoreRequest.EncodeFieldNumber when type == WireType.Varint:
                    batch.Encode = reader.ReadVarint() != 0;
                    break;
                case StoreRequest.BlocksVouchedFieldNumber when type == WireType.Varint:
                    _columns.AreBlocksVouched = reader.ReadVarint() != 0;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        batch.Area = new AreaId(_area.Number);
        batch.Epoch = new AttachEpoch(_area.Epoch);
        batch.Count = _columns.Slots;
        return reader.IsMalformed ? CallRefusal.Malformed(nameof(StoreRequest)) : null;
    }
}
