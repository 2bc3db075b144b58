using System.Buffers.Binary;
using System.IO.Hashing;

namespace RemoteSwap.Fuzz.Files;

/// <summary>Makes the checksums of a book of areas anew, so that what stands in its records is read.</summary>
internal static class BookSums
{
    private const int FrameBytes = 2 * sizeof(uint);

    private static readonly int s_magicBytes = "RemoteSwap areas 1\n"u8.Length;

    /// <summary>Changes a book in place, as far as its records can be told apart.</summary>
    public static byte[] Anew(byte[] book)
    {
        int at = s_magicBytes;
        while (at + FrameBytes <= book.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(book.AsSpan(at));
            if (length > book.Length - at - FrameBytes)
            {
                break;
            }

            uint checksum = Crc32.HashToUInt32(book.AsSpan(at + FrameBytes, (int)length));
            BinaryPrimitives.WriteUInt32LittleEndian(book.AsSpan(at + sizeof(uint)), checksum);
            at += FrameBytes + (int)length;
        }

        return book;
    }
}
