using System.Buffers;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Telemetry;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Requests;

/// <summary>
/// A request of a stream: its message, the calls that wait for its reply, and what its lane has to know of it. It is
/// kept until the reply, because after a broken stream the very same bytes are sent again.
/// <para>
/// Who may touch it: the lane that has it in its tables, under the lane's lock; and whoever took it out of them. The
/// calls of a request may be touched only so, since a call that is done belongs to its user again.
/// </para>
/// </summary>
/// <param name="kind">What it asks for.</param>
/// <param name="meter">Measures it.</param>
internal abstract class OutgoingRequest(OperationKind kind, ClientMeter meter)
{
    /// <summary>What it asks for.</summary>
    public OperationKind Kind => kind;

    /// <summary>The message; complete after <see cref="Prepare"/>.</summary>
    public RequestMessage Message { get; } = new();

    /// <summary>Measures and traces it.</summary>
    public RequestWatch Watch { get; } = new(meter, kind);

    /// <summary>Its number in the lane; of two requests the one that was queued later has the greater one.</summary>
    public ulong Id { get; set; }

    /// <summary>What it takes of the lane's window, set when it is queued.</summary>
    public long WindowBytes { get; set; }

    /// <summary>Attempts that ended without a reply.</summary>
    public int FailedAttempts { get; set; }

    /// <summary>Whether a sweep has found it unanswered.</summary>
    public bool HasBeenSwept { get; set; }

    /// <summary>Whether it counts as over, though its reply may still come: nobody waits for it.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>The most bytes that it and the pages asked for take of the window.</summary>
    public long MaxWindowBytes =>
        RequestMessage.EnvelopeBytes + MaxMessageBytes + ((long)PagesAskedFor * PageSize.Bytes);

    /// <summary>Its pages; 0 where it names none, as a run of slots.</summary>
    public abstract int Pages { get; }

    /// <summary>What waits for its end, if anything does.</summary>
    public virtual IBatchClock? Clock => null;

    /// <summary>Whether no call waits for the reply any more.</summary>
    public bool IsAbandoned
    {
        get
        {
            foreach (PendingCall call in Calls)
            {
                if (!call.IsAbandoned)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The calls that wait.</summary>
    protected abstract ReadOnlySpan<PendingCall> Calls { get; }

    /// <summary>Pages that the reply may carry.</summary>
    protected abstract int PagesAskedFor { get; }

    /// <summary>The most bytes of the message.</summary>
    protected virtual int MaxMessageBytes => Message.Bytes;

    /// <summary>Completes the message, if that was left for later; called once or more before it is sent.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>Reads the reply and ends the calls.</summary>
    /// <param name="reply">The reply's bytes; not used after this returns.</param>
    /// <param name="columns">Room for the reply's columns.</param>
    /// <param name="options">The connection's options.</param>
    public abstract void Answer(
        ReadOnlySequence<byte> reply,
        ReplyColumns columns,
        RemoteSwapClientOptions options);

    /// <summary>The request is over and its lane has let go of it: tells the clock, and may be used again.</summary>
    public abstract void Settle();

    /// <summary>Ends all calls that have not ended.</summary>
    public void Fail(FailureCause cause, RemoteSwapClientOptions options)
    {
        Watch.End(cause.Outcome, Pages);
        foreach (PendingCall call in Calls)
        {
            call.TryFail(cause, options);
        }
    }

    /// <summary>Ends the calls whose time is up.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Expire(long now, FailureCause cause, RemoteSwapClientOptions options)
    {
        bool any = false;
        foreach (PendingCall call in Calls)
        {
            if (call.Deadline <= now)
            {
                any |= call.TryFail(cause, options);
            }
        }

        return any;
    }
}
