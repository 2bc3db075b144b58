using System.Buffers.Binary;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>The bytes of a stream cut into gRPC's messages, straight and slow.</summary>
internal sealed class MessageCut
{
    private const int MostMessageBytes = 4 << 20;

    private readonly List<byte> _rest = [];

    public List<byte[]> Messages { get; } = [];

    /// <summary>Whether a message has begun that is not whole.</summary>
    public bool IsInside => _rest.Count > 0;

    /// <summary>Takes more bytes.</summary>
    /// <returns>False: what comes next is no message that may be.</returns>
    public bool Take(ReadOnlySpan<byte> bytes)
    {
        _rest.AddRange(bytes);
        while (_rest.Count >= 5)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian([.. _rest[1..5]]);
            if (_rest[0] != 0 || length > MostMessageBytes)
            {
                return false;
            }

            if (_rest.Count - 5 < length)
            {
                return true;
            }

            Messages.Add([.. _rest[5..(int)(5 + length)]]);
            _rest.RemoveRange(0, (int)(5 + length));
        }

        return true;
    }
}
