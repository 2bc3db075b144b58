using System.Buffers;
using System.Diagnostics;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// The trace context of a streamed request: W3C's trace id, span id and flags as bytes, without their text's version.
/// </summary>
internal static class TraceContext
{
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;
    private const int Bytes = TraceIdBytes + SpanIdBytes + 1;
    private const byte SampledFlag = 1;

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
