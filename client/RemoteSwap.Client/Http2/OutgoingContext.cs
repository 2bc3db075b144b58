using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// Where gRPC's serializers write one message, behind room for its prefix. One user; the bytes stand until the next
/// message.
/// </summary>
internal sealed class OutgoingContext : SerializationContext, IBufferWriter<byte>
{
    // A large message's buffer is not kept.
    private const int MostKept = 256 << 10;

    private byte[] _buffer = new byte[MessageAssembly.PrefixBytes];
    private int _written;

    /// <summary>Prefix and message.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _written);

    /// <summary>Begins a message.</summary>
    public void Begin()
    {
        _written = MessageAssembly.PrefixBytes;
        if (_buffer.Length > MostKept)
        {
            _buffer = new byte[MessageAssembly.PrefixBytes];
        }
    }

    /// <summary>Ends it: writes the prefix.</summary>
    public void End()
    {
        _buffer[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(1), (uint)(_written - MessageAssembly.PrefixBytes));
    }

    /// <inheritdoc/>
    public override void SetPayloadLength(int payloadLength) => EnsureRoom(payloadLength);

    /// <inheritdoc/>
    public override IBufferWriter<byte> GetBufferWriter() => this;

    /// <inheritdoc/>
    public override void Complete()
    {
        // The message is whole when the serializer returns.
    }

    /// <inheritdoc/>
    public override void Complete(byte[] payload) => this.Write(payload);

    /// <inheritdoc/>
    public void Advance(int count) => _written += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(1, sizeHint));
        return _buffer.AsMemory(_written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void EnsureRoom(int bytes)
    {
        if (_buffer.Length - _written < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_written + bytes, _buffer.Length * 2));
        }
    }
}
