using System.Buffers;
using Grpc.Core;

namespace RemoteSwap.Simulation.Network;

/// <summary>What a marshaller writes to, and its bytes afterwards.</summary>
internal sealed class SentMessage : SerializationContext
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private byte[]? _whole;

    /// <summary>The message.</summary>
    public byte[] Bytes => _whole ?? _buffer.WrittenSpan.ToArray();

    /// <inheritdoc/>
    public override void Complete(byte[] payload) => _whole = payload;

    /// <inheritdoc/>
    public override IBufferWriter<byte> GetBufferWriter() => _buffer;

    /// <inheritdoc/>
    public override void SetPayloadLength(int payloadLength)
    {
    }

    /// <inheritdoc/>
    public override void Complete()
    {
    }

    /// <summary>Writes a message.</summary>
    public static byte[] Of<T>(Marshaller<T> marshaller, T message)
    {
        SentMessage context = new();
        marshaller.ContextualSerializer(message, context);
        return context.Bytes;
    }
}
