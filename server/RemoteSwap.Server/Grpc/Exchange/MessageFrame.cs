using System.Buffers;
using System.Buffers.Binary;

namespace RemoteSwap.Server.Grpc.Exchange;

/// <summary>
/// How gRPC puts messages on a stream: one byte that says whether the message is compressed, four bytes of length, most
/// significant first, the message (gRPC over HTTP2, "Length-Prefixed-Message").
/// </summary>
internal static class MessageFrame
{
    /// <summary>Bytes before a message.</summary>
    public const int PrefixBytes = 5;

    private const byte Uncompressed = 0;

    /// <summary>Writes the prefix of a message.</summary>
    public static void WritePrefix(Span<byte> prefix, int messageBytes)
    {
        prefix[0] = Uncompressed;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)messageBytes);
    }

    /// <summary>Reads the prefix of the next message.</summary>
    /// <param name="stream">What has arrived.</param>
    /// <param name="messageBytes">Bytes of the message, whether or not they have arrived.</param>
    /// <param name="compressed">Whether the message is compressed.</param>
    /// <returns>Whether the prefix has arrived.</returns>
    public static bool TryReadPrefix(in ReadOnlySequence<byte> stream, out uint messageBytes, out bool compressed)
    {
        messageBytes = 0;
        compressed = false;
        if (stream.Length < PrefixBytes)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        stream.Slice(0, PrefixBytes).CopyTo(prefix);
        compressed = prefix[0] != Uncompressed;
        messageBytes = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        return true;
    }
}
