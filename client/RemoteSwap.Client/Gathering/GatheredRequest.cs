using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Requests;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Gathering;

/// <summary>
/// A batch that single-page calls were gathered into. Every call has its own fate: one that is cancelled leaves the
/// others alone, and its page travels all the same.
/// </summary>
internal abstract class GatheredRequest(OperationKind kind, ClientMeter meter) : OutgoingRequest(kind, meter)
{
    private readonly PendingCall[] _calls = new PendingCall[Gatherer.MaxPages];
    private readonly ulong[] _slots = new ulong[Gatherer.MaxPages];
    private Gatherer _gatherer = null!;

    /// <summary>Pages gathered.</summary>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public sealed override int Pages => Count;

    /// <inheritdoc/>
    public sealed override IBatchClock? Clock => _gatherer;

    /// <summary>Whose pages.</summary>
    protected AreaName Name { get; private set; } = null!;

    /// <summary>Their slots.</summary>
    protected ReadOnlySpan<ulong> Slots => _slots.AsSpan(0, Count);

    /// <inheritdoc/>
    protected sealed override ReadOnlySpan<PendingCall> Calls => _calls.AsSpan(0, Count);

    /// <inheritdoc/>
    protected override int PagesAskedFor => 0;

    /// <summary>Begins an empty batch.</summary>
    /// <param name="gatherer">Who is told when it is over.</param>
    /// <param name="name">Whose pages.</param>
    public virtual void Begin(Gatherer gatherer, AreaName name)
    {
        _gatherer = gatherer;
        Name = name;
        Count = 0;
        FailedAttempts = 0;
        IsGivenUp = false;
        HasBeenSwept = false;
        Watch.Begin(name);
    }

    /// <summary>Whether a slot is in the batch.</summary>
    public bool Holds(ulong slot) => Slots.Contains(slot);

    /// <summary>Adds a page; there is room for it.</summary>
    public void Add(in GatheredPage page)
    {
        Put(Count, in page);
        _calls[Count] = page.Call;
        _slots[Count] = page.Slot;
        Count++;
        Watch.Join();
    }

    /// <inheritdoc/>
    public sealed override void Answer(
        ReadOnlySequence<byte> reply,
        ReplyColumns columns,
        RemoteSwapClientOptions options)
    {
        string? violation = Read(reply, columns);
        if (violation is not null)
        {
            Fail(FailureCause.OfViolation(violation), options);
            return;
        }

        int start = 0;
        OutcomeCounts counts = default;
        using BurstScope scope = default;
        for (int i = 0; i < Count; i++)
        {
            int size = ZpageBytes(columns, i);
            PendingCall call = _calls[i];
            if (call.TryBeginUnpacking())
            {
                scope.Enter(call.Burst);
                counts.Add(Answer(call, i, columns, start, size));
            }
            else
            {
                counts.Add(OutcomeCounts.Cancelled);
            }

            start += size;
        }

        Watch.End(counts, Count);
    }

    /// <inheritdoc/>
    public sealed override void Settle()
    {
        Gatherer gatherer = _gatherer;
        bool isKnown = IsGivenUp;
        _gatherer = null!;
        Array.Clear(_calls, 0, Count);
        Recycle();
        if (!isKnown)
        {
            gatherer.BatchIsOver();
        }
    }

    /// <summary>Keeps what the message needs of a page.</summary>
    protected abstract void Put(int index, in GatheredPage page);

    /// <summary>Reads the reply's columns.</summary>
    /// <returns>How they break the wire contract; null: they do not.</returns>
    protected abstract string? Read(ReadOnlySequence<byte> reply, ReplyColumns columns);

    /// <summary>Bytes of a page's zpage in the reply.</summary>
    protected virtual int ZpageBytes(ReplyColumns columns, int index) => 0;

    /// <summary>Unpacks one page of a reply whose shape is right.</summary>
    /// <returns>The outcome's number.</returns>
    protected abstract long Unpack(ReplyColumns columns, int index, int start, int size, PendingCall call);

    /// <summary>Goes back where it belongs.</summary>
    protected abstract void Recycle();

    [SuppressMessage("Design", "CA1031", Justification = "What a caller's memory throws is handed to that caller.")]
    private long Answer(PendingCall call, int index, ReplyColumns columns, int start, int size)
    {
        long result;
        try
        {
            result = Unpack(columns, index, start, size, call);
        }
        catch (Exception failure)
        {
            call.Fail(failure);
            return OutcomeCounts.Failed;
        }

        call.Complete(result);
        return result;
    }
}
