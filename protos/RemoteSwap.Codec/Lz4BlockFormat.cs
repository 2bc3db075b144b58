namespace RemoteSwap.Codec;

/// <summary>
/// Tells whether bytes are one well-formed LZ4 block that decodes to exactly 4,096 bytes, without decoding it.
/// <para>
/// What it is for: a server that stores blocks which it never decodes would find out only at Load, from the client,
/// that it was given rubbish. Walking the sequences costs a fraction of decoding, because no byte is copied.
/// </para>
/// <para>
/// Source: the LZ4 block format description (lz4_Block_format.md), with its end-of-block conditions: the last five
/// bytes are literals, and the last match starts at least twelve bytes before the end. A block that passes is accepted
/// by any decoder.
/// </para>
/// </summary>
public static class Lz4BlockFormat
{
    private const int ExtendedLength = 15;
    private const int MinMatchBytes = 4;
    private const int LastLiterals = 5;
    private const int MatchFindLimit = 12;

    // An offset, then at least a token and the last literals.
    private const int MinBytesAfterLiterals = sizeof(ushort) + 1 + LastLiterals;

    /// <summary>Tells whether <paramref name="block"/> decodes to exactly one page.</summary>
    public static bool DecodesToOnePage(ReadOnlySpan<byte> block) => DecodesToOnePage(block, read: 0, produced: 0);

    /// <summary>The same for a block whose first sequences are known to be right.</summary>
    /// <param name="block">The whole block.</param>
    /// <param name="read">Bytes that those sequences take up.</param>
    /// <param name="produced">Bytes that they decode to.</param>
    internal static bool DecodesToOnePage(ReadOnlySpan<byte> block, int read, int produced)
    {
        while (read < block.Length)
        {
            int token = block[read++];

            int literals = token >> 4;
            if (literals == ExtendedLength && !TryExtend(block, ref read, ref literals))
            {
                return false;
            }

            read += literals;
            produced += literals;
            if (read > block.Length || produced > PageSize.Bytes)
            {
                return false;
            }

            if (read == block.Length)
            {
                return produced == PageSize.Bytes;
            }

            if (block.Length - read < MinBytesAfterLiterals || produced > PageSize.Bytes - MatchFindLimit)
            {
                return false;
            }

            int offset = block[read] | (block[read + 1] << 8);
            read += sizeof(ushort);
            if (offset == 0 || offset > produced)
            {
                return false;
            }

            int match = token & ExtendedLength;
            if (match == ExtendedLength && !TryExtend(block, ref read, ref match))
            {
                return false;
            }

            produced += match + MinMatchBytes;
            if (produced > PageSize.Bytes - LastLiterals)
            {
                return false;
            }
        }

        return false;
    }

    private static bool TryExtend(ReadOnlySpan<byte> block, ref int read, ref int length)
    {
        byte more;
        do
        {
            if (read >= block.Length || length > PageSize.Bytes)
            {
                return false;
            }

            more = block[read++];
            length += more;
        }
        while (more == byte.MaxValue);
        return true;
    }
}
