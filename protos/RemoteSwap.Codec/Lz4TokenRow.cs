using System.Runtime.InteropServices;

namespace RemoteSwap.Codec;

/// <summary>
/// What a token says about its sequence, worked out beforehand: 32 bytes, so that a row lies in one cache line.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Lz4TokenRow
{
    private const int Tokens = 256;
    private const int ExtendedLength = 15;
    private const int MinMatchBytes = 4;
    private const int CacheLineBytes = 64;

    /// <summary>All ones if a byte with more literals follows the token, else 0. As a number: -1 or 0.</summary>
    public nuint LiteralsMask;

    /// <summary>Bytes from the token to the offset, without the literals that the next byte adds.</summary>
    public nuint ToOffset;

    /// <summary>Bytes from the offset to the next token.</summary>
    public nuint ToNextToken;

    /// <summary>All ones if a byte with more of the match follows the offset, else 0.</summary>
    public uint MatchMask;

    /// <summary>Bytes that the sequence produces less those that it takes up, without those of the bytes that
    /// follow.</summary>
    public uint Ahead;

    /// <summary>The rows of all tokens.</summary>
    public static Lz4TokenRow* CreateTable()
    {
        Lz4TokenRow* rows =
            (Lz4TokenRow*)NativeMemory.AlignedAlloc((nuint)(Tokens * sizeof(Lz4TokenRow)), CacheLineBytes);
        for (int token = 0; token < Tokens; token++)
        {
            int literals = token >> 4;
            int match = token & ExtendedLength;
            int moreLiterals = literals == ExtendedLength ? 1 : 0;
            int moreMatch = match == ExtendedLength ? 1 : 0;
            rows[token] = new Lz4TokenRow
            {
                LiteralsMask = unchecked((nuint)(nint)(-moreLiterals)),
                ToOffset = (nuint)(1 + moreLiterals + literals),
                ToNextToken = (nuint)(sizeof(ushort) + moreMatch),
                MatchMask = unchecked((uint)-moreMatch),
                Ahead = unchecked((uint)(match + MinMatchBytes - 1 - moreLiterals - sizeof(ushort) - moreMatch)),
            };
        }

        return rows;
    }
}
