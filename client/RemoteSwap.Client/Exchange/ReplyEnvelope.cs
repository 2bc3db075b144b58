using System.Buffers;
using System.Text;
using Grpc.Core;
using RemoteSwap.Client.Requests;
using RemoteSwap.V1;
using RemoteSwap.Wire;
using Encoding = System.Text.Encoding;

namespace RemoteSwap.Client.Exchange;

/// <summary>The outside of a reply of a stream: which request it is for, and what kind of result it holds.</summary>
/// <param name="RequestId">The request's number; 0 for the welcome.</param>
/// <param name="Field">The field of the result in <c>ExchangeResponse</c>; 0: there is none.</param>
/// <param name="Result">The result's bytes, a part of the message.</param>
internal readonly record struct ReplyEnvelope(ulong RequestId, int Field, ReadOnlySequence<byte> Result)
{
    // What the server says is quoted, but not without end.
    private const int MaxQuotedBytes = 2000;

    /// <summary>Reads the outside of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="envelope">What it says.</param>
    /// <returns>Whether the bytes are a message.</returns>
    public static bool TryRead(ReadOnlySequence<byte> message, out ReplyEnvelope envelope)
    {
        ulong id = 0;
        int last = 0;
        ReadOnlySequence<byte> result = default;
        MessageReader reader = new(message);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            if (field == ExchangeResponse.RequestIdFieldNumber && type == WireType.Varint)
            {
                id = reader.ReadVarint();
            }
            else if (type == WireType.Length && field is >= ExchangeResponse.StoreFieldNumber
                and <= ExchangeResponse.WelcomeFieldNumber)
            {
                result = reader.ReadBytes();
                last = field;
            }
            else
            {
                reader.Skip(type);
            }
        }

        envelope = new ReplyEnvelope(id, last, result);
        return !reader.IsMalformed;
    }

    /// <summary>Reads a welcome.</summary>
    /// <returns>Whether it is one that allows for a request.</returns>
    public bool TryReadWelcome(out uint maxRequests, out ulong maxBytes, out ulong incarnation)
    {
        incarnation = 0;
        maxRequests = 0;
        maxBytes = 0;
        MessageReader reader = new(Result);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field)
            {
                case ExchangeWelcome.MaxRequestsFieldNumber when type == WireType.Varint:
                    maxRequests = (uint)reader.ReadVarint();
                    break;
                case ExchangeWelcome.MaxBytesFieldNumber when type == WireType.Varint:
                    maxBytes = reader.ReadVarint();
                    break;
                case ExchangeWelcome.IncarnationFieldNumber when type == WireType.Varint:
                    incarnation = reader.ReadVarint();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return RequestId == 0 && Field == ExchangeResponse.WelcomeFieldNumber && maxRequests > 0
            && !reader.IsMalformed;
    }

    /// <summary>Reads why a request failed.</summary>
    public FailureCause ReadFailure()
    {
        int code = 0;
        string words = string.Empty;
        MessageReader reader = new(Result);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field)
            {
                case ExchangeFailure.CodeFieldNumber when type == WireType.Varint:
                    code = (int)reader.ReadVarint();
                    break;
                case ExchangeFailure.MessageFieldNumber when type == WireType.Length:
                    ReadOnlySequence<byte> bytes = reader.ReadBytes();
                    words = Encoding.UTF8.GetString(bytes.Slice(0, Math.Min(bytes.Length, MaxQuotedBytes)));
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        // A failure that says it is none is one all the same.
        StatusCode status = code == (int)StatusCode.OK ? StatusCode.Unknown : (StatusCode)code;
        return reader.IsMalformed
            ? FailureCause.OfViolation("the failure's bytes are no message")
            : FailureCause.Of(status, words);
    }
}
