using Grpc.Core;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Requests;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Exchange;

/// <summary>
/// Reads the messages of a lane's streams where the transport has them: only while gRPC reads a message are its bytes
/// there, and from there pages are verified and decoded straight into the callers' memory.
/// <para>
/// A reply to a request that the lane does not know (it was answered before) is dropped. A reply that is wrong fails
/// its request; a message that can not be read, or a stream that does not begin with a welcome, ends the stream.
/// </para>
/// <para>
/// A request that the server answers with a failure is not sent again, not even where the failure is that the server is
/// unavailable: what was sent after it may have been carried out meanwhile, and a store that comes after all could
/// bring a page back that was forgotten since. The caller repeats it, with a new generation.
/// </para>
/// <para>Used by one stream at a time.</para>
/// </summary>
/// <param name="takeAnswered">Takes a request of a number out of the lane's tables, if it is there.</param>
/// <param name="options">The connection's options.</param>
internal sealed class ReplyReader(Func<ulong, OutgoingRequest?> takeAnswered, RemoteSwapClientOptions options)
{
    private readonly ReplyColumns _columns = new();
    private readonly IncomingReply _reply = new();
    private bool _isWelcome;

    /// <summary>A new stream begins.</summary>
    public void Restart() => _isWelcome = false;

    /// <summary>Reads a message.</summary>
    public IncomingReply Read(DeserializationContext context)
    {
        _reply.Clear();
        if (!ReplyEnvelope.TryRead(context.PayloadAsReadOnlySequence(), out ReplyEnvelope envelope))
        {
            _reply.Violation = "a message of the stream can not be read";
        }
        else if (_isWelcome)
        {
            Take(envelope);
        }
        else if (envelope.TryReadWelcome(out uint maxRequests, out ulong maxBytes, out ulong incarnation))
        {
            _isWelcome = true;
            _reply.Welcome = (maxRequests, maxBytes, incarnation);
        }
        else
        {
            _reply.Violation = "the stream does not begin with a welcome that allows for requests";
        }

        return _reply;
    }

    private void Take(in ReplyEnvelope envelope)
    {
        OutgoingRequest? request = takeAnswered(envelope.RequestId);
        _reply.Answered = request;
        if (request is null)
        {
            return;
        }

        if (!request.Message.IsSerialized)
        {
            _reply.IsPremature = true;
            request.Fail(FailureCause.OfViolation("it came before the request was sent"), options);
            return;
        }

        // From here on nothing is sent again.
        request.Watch.Reply();
        request.Message.Release();
        if (envelope.Field == (int)request.Kind)
        {
            Answer(request, envelope);
        }
        else if (envelope.Field == ExchangeResponse.FailureFieldNumber)
        {
            request.Fail(envelope.ReadFailure(), options);
        }
        else
        {
            request.Fail(
                FailureCause.OfViolation(
                    $"the result of a {request.Kind} stands in field {envelope.Field} instead of {(int)request.Kind}"),
                options);
        }
    }

    private void Answer(OutgoingRequest request, in ReplyEnvelope envelope)
    {
        bool isRead = false;
        try
        {
            request.Answer(envelope.Result, _columns, options);
            isRead = true;
        }
        finally
        {
            _columns.Forget();
            if (!isRead)
            {
                // The request is in no table any more: whoever is not told here waits for ever.
                request.Fail(FailureCause.OfViolation("it can not be unpacked"), options);
            }
        }
    }
}
