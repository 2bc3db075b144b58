using System.Buffers;
using System.Runtime.InteropServices;

namespace RemoteSwap.Server.Telemetry;

/// <summary>Where the span of a request hangs in its trace.</summary>
/// <param name="IsStreamed">
/// Whether it is one of a stream's requests: their traces are their own, the stream's says nothing about them.
/// </param>
/// <param name="Context">The context that came with it, as bytes; empty: none did.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SpanParent(bool IsStreamed, ReadOnlySequence<byte> Context)
{
    /// <summary>A call by itself: its span is a child of what the web server made of the call's headers.</summary>
    public static SpanParent OfCall => default;
}
