using System.Buffers;
using Grpc.Core;

namespace RemoteSwap.Client.Http2;

/// <summary>Shows one message to gRPC's deserializers where it lies. One user.</summary>
internal sealed class IncomingContext : DeserializationContext
{
    /// <summary>The message.</summary>
    public ReadOnlyMemory<byte> Message { get; set; }

    /// <inheritdoc/>
    public override int PayloadLength => Message.Length;

    /// <inheritdoc/>
    public override byte[] PayloadAsNewBuffer() => Message.ToArray();

    /// <inheritdoc/>
    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(Message);
}
