using System.Diagnostics;

namespace RemoteSwap.Client.Telemetry;

/// <summary>
/// The context of a span as it goes over the wire: the W3C trace context without its version and text.
/// </summary>
internal static class TraceContext
{
    /// <summary>Bytes of a context: the trace (16), the span (8), the flags (1).</summary>
    public const int Bytes = TraceIdBytes + SpanIdBytes + 1;

    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;

    /// <summary>Writes a context.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(Activity activity, Span<byte> room)
    {
        // They fill all the room that they are given.
        activity.TraceId.CopyTo(room[..TraceIdBytes]);
        activity.SpanId.CopyTo(room.Slice(TraceIdBytes, SpanIdBytes));
        room[TraceIdBytes + SpanIdBytes] = (byte)activity.ActivityTraceFlags;
        return Bytes;
    }
}
