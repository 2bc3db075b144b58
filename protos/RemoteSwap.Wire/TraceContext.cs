using System.Buffers;
using System.Diagnostics;

namespace RemoteSwap.Wire;

/// <summary>
/// The field trace_context of an ExchangeRequest: W3C's trace id, span id and flags as bytes, without their text's
/// version.
/// </summary>
public static class TraceContext
{
    /// <summary>Bytes of a context: the trace (16), the span (8), the flags (1).</summary>
    public const int Bytes = TraceIdBytes + SpanIdBytes + 1;

    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;
    private const byte SampledFlag = 1;

    /// <summary>Writes the context of a span.</summary>
    /// <param name="activity">The span.</param>
    /// <param name="room">Room for <see cref="Bytes"/> at least.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Activity activity, Span<byte> room)
    {
        // They fill all the room that they are given.
        activity.TraceId.CopyTo(room[..TraceIdBytes]);
        activity.SpanId.CopyTo(room.Slice(TraceIdBytes, SpanIdBytes));
        room[TraceIdBytes + SpanIdBytes] = (byte)activity.ActivityTraceFlags;
        return Bytes;
    }

    /// <summary>Reads a context.</summary>
    /// <param name="context">The bytes; may be anything.</param>
    /// <param name="isSampled">Whether it says that its request is traced.</param>
    /// <param name="parent">If so: the span that the request's own hangs under. Nothing is allocated else.</param>
    /// <returns>Whether it is a context: of the right length, with ids that are not zero.</returns>
    public static bool TryRead(in ReadOnlySequence<byte> context, out bool isSampled, out ActivityContext parent)
    {
        isSampled = false;
        parent = default;
        if (context.Length != Bytes)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Bytes];
        context.CopyTo(bytes);
        ReadOnlySpan<byte> trace = bytes[..TraceIdBytes];
        ReadOnlySpan<byte> span = bytes.Slice(TraceIdBytes, SpanIdBytes);
        if (!trace.ContainsAnyExcept((byte)0) || !span.ContainsAnyExcept((byte)0))
        {
            return false;
        }

        isSampled = (bytes[^1] & SampledFlag) != 0;
        if (isSampled)
        {
            parent = new ActivityContext(
                ActivityTraceId.CreateFromBytes(trace),
                ActivitySpanId.CreateFromBytes(span),
                ActivityTraceFlags.Recorded,
                isRemote: true);
        }

        return true;
    }
}
