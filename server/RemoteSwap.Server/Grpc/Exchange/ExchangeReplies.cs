using System.IO.Pipelines;
using Google.Protobuf;
using RemoteSwap.Server.Grpc.Calls;
using RemoteSwap.Store;
using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Server.Grpc.Exchange;

/// <summary>
/// Writes the replies of a stream into the response's own buffer, each with gRPC's prefix. Nothing is sent before the
/// caller flushes. One user at a time.
/// </summary>
internal sealed class ExchangeReplies(PipeWriter output)
{
    // Prefix, tag and number of the id, tag and length of the reply's field.
    private const int EnvelopeBytes = MessageFrame.PrefixBytes + 1 + 10 + MessageWriter.OpenBytes;

    /// <summary>Announces the window, and whose it is.</summary>
    public void WriteWelcome(int maxRequests, long maxBytes, Incarnation incarnation)
    {
        ExchangeWelcome welcome = new()
        {
            MaxRequests = (uint)maxRequests,
            MaxBytes = (ulong)maxBytes,
            Incarnation = incarnation.Value,
        };
        Write(0, ExchangeResponse.WelcomeFieldNumber, welcome);
    }

    /// <summary>Says why a request failed.</summary>
    public void WriteFailure(ulong requestId, CallRefusal refusal)
    {
        ExchangeFailure failure = new()
        {
            Code = (int)refusal.Code,
            Message = refusal.Message,
            Status = refusal.Details().ToByteString(),
        };
        Write(requestId, ExchangeResponse.FailureFieldNumber, failure);
    }

    /// <summary>Answers an Invalidate.</summary>
    public void Write(ulong requestId, InvalidateResponse response) =>
        Write(requestId, ExchangeResponse.InvalidateFieldNumber, response);

    /// <summary>Answers a Store that was not refused.</summary>
    public void Write(ulong requestId, StoreCall call)
    {
        MessageWriter reply = Begin(
            output.GetSpan(EnvelopeBytes + StoreCall.MaxReplyBytes),
            requestId,
            ExchangeResponse.StoreFieldNumber,
            out Span<byte> prefix,
            out int opened);
        call.WriteReply(ref reply);
        End(ref reply, prefix, opened);
    }

    /// <summary>Answers a Ping that was not refused.</summary>
    public void Write(ulong requestId, PingCall call)
    {
        MessageWriter reply = Begin(
            output.GetSpan(EnvelopeBytes + call.MaxReplyBytes),
            requestId,
            ExchangeResponse.PingFieldNumber,
            out Span<byte> prefix,
            out int opened);
        call.WriteReply(ref reply);
        End(ref reply, prefix, opened);
    }

    /// <summary>Loads straight into the reply, and answers if every page was in memory.</summary>
    /// <returns>Whether it answered; if not, nothing was written and some pages are to be read from the spill
    /// file.</returns>
    public bool TryLoad(LoadCall call)
    {
        Memory<byte> room = output.GetMemory(EnvelopeBytes + call.MaxReplyBytes);
        MessageWriter reply = Begin(
            room.Span, call.RequestId, ExchangeResponse.LoadFieldNumber, out Span<byte> prefix, out int opened);
        int zpages = reply.Open(LoadResponse.ZpagesFieldNumber);
        if (!call.TryLoad(room.Slice(MessageFrame.PrefixBytes + reply.Length, call.MaxZpageBytes)))
        {
            return false;
        }

        reply.Advance(call.Batch.ZpageBytes);
        reply.Close(zpages);
        call.WriteColumns(ref reply);
        End(ref reply, prefix, opened);
        return true;
    }

    /// <summary>Answers a Load whose zpages are in the batch's own buffer.</summary>
    public void Write(LoadCall call)
    {
        MessageWriter reply = Begin(
            output.GetSpan(EnvelopeBytes + call.MaxReplyBytes),
            call.RequestId,
            ExchangeResponse.LoadFieldNumber,
            out Span<byte> prefix,
            out int opened);
        reply.WriteBytes(LoadResponse.ZpagesFieldNumber, call.Batch.Zpages.Span);
        call.WriteColumns(ref reply);
        End(ref reply, prefix, opened);
    }

    private void Write(ulong requestId, int field, IMessage message)
    {
        int bytes = message.CalculateSize();
        MessageWriter reply = Begin(
            output.GetSpan(EnvelopeBytes + bytes), requestId, field, out Span<byte> prefix, out int opened);
        message.WriteTo(reply.Rest[..bytes]);
        reply.Advance(bytes);
        End(ref reply, prefix, opened);
    }

    private static MessageWriter Begin(
        Span<byte> room, ulong requestId, int field, out Span<byte> prefix, out int opened)
    {
        prefix = room[..MessageFrame.PrefixBytes];
        MessageWriter reply = new(room[MessageFrame.PrefixBytes..]);
        reply.WriteNumber(ExchangeResponse.RequestIdFieldNumber, requestId);
        opened = reply.Open(field);
        return reply;
    }

    private void End(ref MessageWriter reply, Span<byte> prefix, int opened)
    {
        reply.Close(opened);
        MessageFrame.WritePrefix(prefix, reply.Length);
        output.Advance(MessageFrame.PrefixBytes + reply.Length);
    }
}
