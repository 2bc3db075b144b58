using RemoteSwap.Client.Requests;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Exchange;

/// <summary>
/// The requests of one lane: those that wait to be sent, in order; and those that were sent and are not answered, which
/// stand for the part of the server's window that is in use.
/// <para>
/// A request whose callers have all gone keeps its place in the window until the server answers it or the stream ends:
/// the server counts it too. One that was not sent goes with the next sweep. So what is here is what callers wait for,
/// and what they have given up lately; there is no other bound.
/// </para>
/// <para>Not thread-safe: the lane's lock guards it.</para>
/// </summary>
internal sealed class LaneQueue
{
    private readonly Dictionary<ulong, OutgoingRequest> _unanswered = [];
    private Queue<OutgoingRequest> _waiting = new();
    private ulong _lastId;
    private uint _maxRequests;
    private ulong _maxBytes;
    private long _unansweredBytes;

    /// <summary>Bytes of all requests here: how busy the lane is.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether requests wait to be sent.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _waiting.Count == 0 && _unanswered.Count == 0;

    /// <summary>Takes a stream's window.</summary>
    public void SetWindow(uint maxRequests, ulong maxBytes)
    {
        _maxRequests = maxRequests;
        _maxBytes = maxBytes;
    }

    /// <summary>Adds a request behind all others.</summary>
    public void Add(OutgoingRequest request)
    {
        request.Id = ++_lastId;
        request.WindowBytes = request.MaxWindowBytes;
        Bytes += request.WindowBytes;
        _waiting.Enqueue(request);
    }

    /// <summary>Takes the next request to send, if there is one and the window has room for it.</summary>
    public OutgoingRequest? TakeNext()
    {
        if (!_waiting.TryPeek(out OutgoingRequest? request) || !HasRoom(request))
        {
            return null;
        }

        _waiting.Dequeue();
        _unanswered.Add(request.Id, request);
        _unansweredBytes += request.WindowBytes;
        request.Message.BeginToSend();
        return request;
    }

    /// <summary>Takes the request that a reply is for; null: there is none of that number.</summary>
    public OutgoingRequest? TakeAnswered(ulong id)
    {
        if (!_unanswered.Remove(id, out OutgoingRequest? request))
        {
            return null;
        }

        _unansweredBytes -= request.WindowBytes;
        Bytes -= request.WindowBytes;
        return request;
    }

    /// <summary>
    /// The stream is over: everything that was sent on it counts as not sent, and waits to be sent again in its order.
    /// Taken out instead is what nobody waits for any more, and what has had its attempts. What the server has carried
    /// out before it broke does no harm the second time: slots remember the generations that they have seen.
    /// </summary>
    /// <param name="maxAttempts">How many attempts a request has; 0: none is made again.</param>
    /// <returns>What was taken out.</returns>
    public List<OutgoingRequest> EndStream(int maxAttempts)
    {
        List<OutgoingRequest> ended = [];
        List<OutgoingRequest> kept = [];
        foreach (OutgoingRequest request in _unanswered.Values.Concat(_waiting))
        {
            request.FailedAttempts++;
            bool isOver = request.FailedAttempts >= maxAttempts || request.IsAbandoned;
            (isOver ? ended : kept).Add(request);
        }

        Bytes -= ended.Sum(request => request.WindowBytes);
        _unanswered.Clear();
        _unansweredBytes = 0;
        Rebuild(kept);
        return ended;
    }

    /// <summary>Takes out all requests that are not on the wire.</summary>
    public List<OutgoingRequest> TakeUnsent()
    {
        List<OutgoingRequest> unsent = [.. _waiting];
        Bytes -= unsent.Sum(request => request.WindowBytes);
        _waiting.Clear();
        return unsent;
    }

    /// <summary>
    /// Ends the calls whose time is up. Requests that none waits for any more, also because they were cancelled, are
    /// given up: taken out, or, if they were sent, left for their reply.
    /// </summary>
    public SweepResult Sweep(long now, FailureCause cause, RemoteSwapClientOptions options)
    {
        SweepResult result = new();
        List<OutgoingRequest> unsent = [];
        foreach (OutgoingRequest request in _unanswered.Values.Concat(_waiting))
        {
            if (request.IsGivenUp)
            {
                continue;
            }

            List<IBatchClock>? told = request.HasBeenSwept ? result.Slow : null;
            request.HasBeenSwept = true;
            bool hasExpired = request.Expire(now, cause, options);
            result.HasExpired |= hasExpired;
            if (request.IsAbandoned)
            {
                request.IsGivenUp = true;

                // Inside the lock: as soon as it is answered it may be another request.
                request.Watch.End(hasExpired ? cause.Outcome : OperationTags.Cancelled, request.Pages);
                told = result.Over;
                if (!_unanswered.ContainsKey(request.Id))
                {
                    unsent.Add(request);
                }
            }

            if (request.Clock is { } clock)
            {
                told?.Add(clock);
            }
        }

        TakeOut(unsent);
        return result;
    }

    // A single request may be larger than the window when no other is unanswered.
    private bool HasRoom(OutgoingRequest request) => _unanswered.Count == 0
        || (_unanswered.Count < _maxRequests
            && (ulong)(_unansweredBytes + request.WindowBytes) <= _maxBytes);

    private void TakeOut(List<OutgoingRequest> unsent)
    {
        if (unsent.Count > 0)
        {
            Bytes -= unsent.Sum(request => request.WindowBytes);
            Rebuild(_waiting.Except(unsent));
        }
    }

    private void Rebuild(IEnumerable<OutgoingRequest> requests) =>
        _waiting = new Queue<OutgoingRequest>(requests.OrderBy(request => request.Id));
}
