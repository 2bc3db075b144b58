namespace RemoteSwap.Wire.Http2;

/// <summary>
/// Reads strings in the Huffman code of heads (RFC 7541, section 5.2). Nothing here writes them: our own heads are
/// short and few, but other ends send theirs as they like.
/// <para>
/// A code of up to ten bits is looked up at once. A longer one, of a byte that heads hardly have, is found by its
/// length: codes are canonical, so all of a length are numbers one after another, above all of the shorter ones.
/// </para>
/// </summary>
public static class HuffmanCode
{
    private const int EndOfString = 256;
    private const int MostBits = 30;
    private const int ShortBits = 10;
    private const int WindowBits = 64;
    private const int CodeBits = 32;
    private const int BitsOfByte = 8;

    // In whole bytes a code ends less than a byte before the end.
    private const int MostFillingBits = 7;

    // Bytes in the order of their codes, the end of a string last.
    private static readonly ushort[] s_inOrder = InOrder();

    // By length: how many codes are shorter.
    private static readonly int[] s_shorter = Shorter();

    // By length, from the left of 32 bits: the first code, and what is above the last one.
    private static readonly ulong[] s_first = First();
    private static readonly ulong[] s_above = Above();

    // By the next ten bits: a byte and, above it, the length of its code; 0: the code is longer than that.
    private static readonly ushort[] s_short = Short();

    // Bits of the code of each byte (RFC 7541, appendix B). The codes follow from them.
    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        MostBits,
    ];

    /// <summary>Reads a string.</summary>
    /// <param name="coded">Its bytes as they came.</param>
    /// <param name="room">Room for the string, which may be longer than what came by three fifths.</param>
    /// <param name="bytes">Bytes of the string; of a refused one, those before what is wrong.</param>
    /// <returns>
    /// False: the room is too small, the code for the end of a string is in it, or what fills the last byte is more
    /// than 7 bits or not the beginning of that code, which is all ones.
    /// </returns>
    public static bool TryDecode(ReadOnlySpan<byte> coded, Span<byte> room, out int bytes)
    {
        bytes = 0;
        ulong window = 0;
        int bits = 0;
        while (true)
        {
            while (bits <= WindowBits - BitsOfByte && !coded.IsEmpty)
            {
                window |= (ulong)coded[0] << (WindowBits - BitsOfByte - bits);
                bits += BitsOfByte;
                coded = coded[1..];
            }

            (int symbol, int length) = Next(window);
            if (length > bits)
            {
                return IsFilling(window, bits);
            }

            if (symbol == EndOfString || bytes == room.Length)
            {
                return false;
            }

            room[bytes++] = (byte)symbol;
            window <<= length;
            bits -= length;
        }
    }

    // Behind the last bit there are zeros, so no length that is found by them is less than what is left.
    private static (int Symbol, int Length) Next(ulong window)
    {
        int entry = s_short[(int)(window >> (WindowBits - ShortBits))];
        return entry == 0 ? NextLong(window >> CodeBits) : ((byte)entry, entry >> BitsOfByte);
    }

    private static (int Symbol, int Length) NextLong(ulong code)
    {
        int length = ShortBits + 1;
        while (code >= s_above[length])
        {
            length++;
        }

        int nth = (int)((code - s_first[length]) >> (CodeBits - length));
        return (s_inOrder[s_shorter[length] + nth], length);
    }

    private static bool IsFilling(ulong window, int bits) =>
        bits <= MostFillingBits && window == ~(ulong.MaxValue >> bits);

    private static ushort[] InOrder()
    {
        ushort[] symbols = new ushort[Lengths.Length];
        int count = 0;
        for (int length = 0; length <= MostBits; length++)
        {
            for (int symbol = 0; symbol < Lengths.Length; symbol++)
            {
                if (Lengths[symbol] == length)
                {
                    symbols[count++] = (ushort)symbol;
                }
            }
        }

        return symbols;
    }

    private static int[] Shorter()
    {
        int[] shorter = new int[MostBits + 2];
        for (int length = 0; length <= MostBits; length++)
        {
            shorter[length + 1] = shorter[length] + Lengths.Count((byte)length);
        }

        return shorter;
    }

    private static ulong[] First()
    {
        ulong[] first = new ulong[MostBits + 1];
        for (int length = 1; length <= MostBits; length++)
        {
            first[length] = first[length - 1] + WidthOf(length - 1);
        }

        return first;
    }

    private static ulong[] Above()
    {
        ulong[] above = new ulong[MostBits + 1];
        for (int length = 0; length <= MostBits; length++)
        {
            above[length] = s_first[length] + WidthOf(length);
        }

        return above;
    }

    // All codes of a length, of the 32 bits that all codes fill together.
    private static ulong WidthOf(int length) => (ulong)Lengths.Count((byte)length) << (CodeBits - length);

    private static ushort[] Short()
    {
        ushort[] entries = new ushort[1 << ShortBits];
        int at = 0;
        foreach (ushort symbol in s_inOrder)
        {
            int length = Lengths[symbol];
            if (length > ShortBits)
            {
                break;
            }

            int same = 1 << (ShortBits - length);
            entries.AsSpan(at, same).Fill((ushort)((length << BitsOfByte) | symbol));
            at += same;
        }

        return entries;
    }
}
