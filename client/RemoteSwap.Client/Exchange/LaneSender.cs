using Grpc.Core;
using RemoteSwap.Client.Requests;

namespace RemoteSwap.Client.Exchange;

/// <summary>
/// Sends the requests of a lane over its stream, one after the other. It has no thread: whoever finds it at rest sends,
/// and goes on with what others queue meanwhile. So a lone request is written by the thread that made it, and many are
/// written without a flush in between.
/// <para>Lock: the lane's, which is handed in; nothing is written or awaited inside.</para>
/// </summary>
/// <param name="gate">The lane's lock.</param>
/// <param name="queue">The lane's requests.</param>
internal sealed class LaneSender(Lock gate, LaneQueue queue)
{
    // Requests that a thread writes before it hands the rest to the pool: it may be a caller's, who wants to go on.
    private const int MostInOneGo = 16;

    private static readonly FailureCause s_noWrite =
        FailureCause.Of(StatusCode.Unavailable, "the stream took no further request");

    private ExchangeStream? _open;
    private TaskCompletionSource? _rests;
    private bool _isSending;
    private bool _isLast;

    /// <summary>Whether there is a stream to send on.</summary>
    public bool IsOpen
    {
        get
        {
            lock (gate)
            {
                return _open is not null;
            }
        }
    }

    /// <summary>Takes a stream whose server has said how much it takes.</summary>
    public void Open(ExchangeStream stream, uint maxRequests, ulong maxBytes)
    {
        lock (gate)
        {
            queue.SetWindow(maxRequests, maxBytes);
            _open = stream;
        }
    }

    /// <summary>The stream is over.</summary>
    /// <returns>
    /// Ends when nobody sends any more. Until then the transport may read the messages of requests that are to be sent
    /// again.
    /// </returns>
    public Task CloseAsync()
    {
        lock (gate)
        {
            _open = null;
            _rests = _isSending ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            return _rests?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Sends what the window has room for, unless someone is doing so.</summary>
    public void Pump()
    {
        ExchangeStream? stream;
        OutgoingRequest? first;
        lock (gate)
        {
            stream = _open;
            first = stream is null || _isSending ? null : queue.TakeNext();
            if (first is null)
            {
                return;
            }

            _isSending = true;
        }

        _ = SendAsync(stream!, first);
    }

    /// <summary>
    /// Tells the server, when all is sent, that nothing comes any more. Nothing may be queued any more.
    /// </summary>
    public void Finish()
    {
        ExchangeStream stream;
        lock (gate)
        {
            _isLast = true;
            if (_open is null || _isSending)
            {
                return;
            }

            _isSending = true;
            stream = _open;
        }

        _ = SendAsync(stream, first: null);
    }

    private async Task SendAsync(ExchangeStream stream, OutgoingRequest? first)
    {
        bool isAtRest = false;
        try
        {
            OutgoingRequest? request = first;
            for (int written = 1; request is not null; written++)
            {
                if (written % MostInOneGo == 0)
                {
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                }

                // The next one is taken before this one is written, so that it is certain that it follows.
                OutgoingRequest? next = TakeNext(stream);
                await stream.WriteAsync(request, more: next is not null).ConfigureAwait(false);
                request = next ?? TakeNextOrRest(stream, out isAtRest);
            }

            if (!isAtRest)
            {
                await stream.CompleteAsync().ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (
            failure is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            await stream.CutUnlessItEndsAsync(
                failure is RpcException { StatusCode: not StatusCode.Cancelled } status
                    ? FailureCause.OfStream(status)
                    : s_noWrite).ConfigureAwait(false);
        }
        finally
        {
            if (!isAtRest)
            {
                Rest();
            }
        }
    }

    private OutgoingRequest? TakeNext(ExchangeStream stream)
    {
        lock (gate)
        {
            return _open == stream ? queue.TakeNext() : null;
        }
    }

    // In one step, so that a request that is queued now is either taken here or finds the sender at rest.
    private OutgoingRequest? TakeNextOrRest(ExchangeStream stream, out bool isAtRest)
    {
        lock (gate)
        {
            OutgoingRequest? next = _open == stream ? queue.TakeNext() : null;
            isAtRest = next is null && !_isLast;
            if (isAtRest)
            {
                RestInside();
            }

            return next;
        }
    }

    private void Rest()
    {
        lock (gate)
        {
            RestInside();
        }
    }

    private void RestInside()
    {
        _isSending = false;
        _rests?.TrySetResult();
    }
}
