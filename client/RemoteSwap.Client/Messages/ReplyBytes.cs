using System.Buffers;

namespace RemoteSwap.Client.Messages;

/// <summary>A copy of a reply's bytes in a pooled buffer.</summary>
internal sealed class ReplyBytes
{
    private readonly byte[] _buffer;
    private readonly int _bytes;

    /// <summary>Copies a message.</summary>
    public ReplyBytes(ReadOnlySequence<byte> message)
    {
        _bytes = (int)message.Length;
        _buffer = ArrayPool<byte>.Shared.Rent(_bytes);
        message.CopyTo(_buffer);
    }

    /// <summary>The message.</summary>
    public ReadOnlySequence<byte> Bytes => new(_buffer, 0, _bytes);

    /// <summary>Gives the buffer back; the bytes must not be used any more.</summary>
    public void Release() => ArrayPool<byte>.Shared.Return(_buffer);
}
