using System.Buffers;

namespace RemoteSwap.Fuzz.Wire;

/// <summary>Bytes in pieces of one length, as a transport may leave them.</summary>
internal sealed class SegmentedBytes : ReadOnlySequenceSegment<byte>
{
    private SegmentedBytes(ReadOnlyMemory<byte> piece, long before)
    {
        Memory = piece;
        RunningIndex = before;
    }

    /// <summary>Cuts bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="pieceBytes">The length of a piece; 0: one piece.</param>
    public static ReadOnlySequence<byte> Cut(byte[] bytes, int pieceBytes)
    {
        if (pieceBytes == 0 || bytes.Length <= pieceBytes)
        {
            return new ReadOnlySequence<byte>(bytes);
        }

        SegmentedBytes first = new(bytes.AsMemory(0, pieceBytes), 0);
        SegmentedBytes last = first;
        for (int at = pieceBytes; at < bytes.Length; at += pieceBytes)
        {
            SegmentedBytes next = new(bytes.AsMemory(at, Math.Min(pieceBytes, bytes.Length - at)), at);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
