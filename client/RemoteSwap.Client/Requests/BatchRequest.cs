using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Requests;

/// <summary>A request that one call waits for.</summary>
internal abstract class BatchRequest(OperationKind kind, ClientMeter meter) : OutgoingRequest(kind, meter)
{
    private readonly PendingCall[] _call = new PendingCall[1];

    /// <inheritdoc/>
    protected sealed override ReadOnlySpan<PendingCall> Calls => _call;

    /// <summary>Names the call that waits.</summary>
    public void Await(PendingCall call)
    {
        _call[0] = call;
        FailedAttempts = 0;
        IsGivenUp = false;
        HasBeenSwept = false;
    }

    /// <summary>Reads the reply into the caller's memory, which must be the receiver's to write.</summary>
    /// <param name="reply">The reply's bytes; not used after this returns.</param>
    /// <param name="columns">Room for the reply's columns.</param>
    /// <param name="result">A number for the caller, where it asked for one.</param>
    /// <returns>How the reply breaks the wire contract; null: it does not.</returns>
    public abstract string? Unpack(ReadOnlySequence<byte> reply, ReplyColumns columns, out long result);

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "What the caller's memory throws is handed to the caller.")]
    public sealed override void Answer(
        ReadOnlySequence<byte> reply,
        ReplyColumns columns,
        RemoteSwapClientOptions options)
    {
        PendingCall call = _call[0];
        if (!call.TryBeginUnpacking())
        {
            Watch.End(OperationTags.Cancelled, Pages);
            return;
        }

        string? violation;
        long result;
        try
        {
            violation = Unpack(reply, columns, out result);

            // Before the call ends: then the outcomes are its user's.
            EndWatch(violation);
        }
        catch (Exception failure)
        {
            call.Fail(failure);
            Watch.End(OperationTags.Failed, Pages);
            return;
        }

        if (violation is null)
        {
            call.Complete(result);
        }
        else
        {
            call.Fail(FailureCause.OfViolation(violation).For(call.Subject(), options));
        }
    }

    /// <inheritdoc/>
    public sealed override void Settle()
    {
        _call[0] = null!;
        Recycle();
    }

    /// <summary>Measures a request that was unpacked.</summary>
    /// <param name="violation">How the reply breaks the wire contract; null: it does not.</param>
    public void EndWatch(string? violation)
    {
        if (violation is not null)
        {
            Watch.End(OperationTags.Protocol, Pages);
            return;
        }

        OutcomeCounts counts = default;
        int ofNone = Count(ref counts);
        Watch.End(counts, Pages, ofNone);
    }

    /// <summary>Counts the outcomes of a request that was unpacked.</summary>
    /// <returns>What the outcome is where none was counted.</returns>
    protected abstract int Count(ref OutcomeCounts counts);

    /// <summary>Lets go of everything and goes back where it belongs.</summary>
    public abstract void Recycle();
}
