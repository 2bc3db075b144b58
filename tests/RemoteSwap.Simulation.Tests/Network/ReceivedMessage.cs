using System.Buffers;
using Grpc.Core;

namespace RemoteSwap.Simulation.Network;

/// <summary>What a marshaller reads from.</summary>
internal sealed class ReceivedMessage(byte[] bytes) : DeserializationContext
{
    /// <inheritdoc/>
    public override int PayloadLength => bytes.Length;

    /// <inheritdoc/>
    public override byte[] PayloadAsNewBuffer() => [.. bytes];

    /// <inheritdoc/>
    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(bytes);
}
