namespace RemoteSwap.Codec.Tests;

/// <summary>
/// The verdict on a block in the plainest words: first all sequences are read, then the rules of the format's
/// description are asked one after the other.
/// </summary>
internal static class ReferenceWalk
{
    private const int LastLiterals = 5;
    private const int MatchFindLimit = 12;

    public static bool DecodesToOnePage(ReadOnlySpan<byte> block)
    {
        List<(long Start, long Offset, long Bytes)> matches = [];
        long produced = 0;
        int at = 0;
        while (true)
        {
            if (!TryRead(block, ref at, out int token) || !TryReadLength(block, ref at, token >> 4, out long literals)
                || literals > block.Length - at)
            {
                return false;
            }

            at += (int)literals;
            produced += literals;
            if (at == block.Length)
            {
                break;
            }

            if (!TryRead(block, ref at, out int low) || !TryRead(block, ref at, out int high)
                || !TryReadLength(block, ref at, token & 15, out long match))
            {
                return false;
            }

            matches.Add((produced, low + (256 * high), match + 4));
            produced += match + 4;
        }

        // A match that ends the block would have left no byte for the sequence of last literals.
        return produced == PageSize.Bytes
            && matches.TrueForAll(match => match.Offset >= 1 && match.Offset <= match.Start)
            && matches.TrueForAll(match => match.Start <= PageSize.Bytes - MatchFindLimit)
            && matches.TrueForAll(match => match.Start + match.Bytes <= PageSize.Bytes - LastLiterals);
    }

    private static bool TryReadLength(ReadOnlySpan<byte> block, ref int at, int nibble, out long length)
    {
        length = nibble;
        int more = nibble == 15 ? byte.MaxValue : 0;
        while (more == byte.MaxValue)
        {
            if (!TryRead(block, ref at, out more))
            {
                return false;
            }

            length += more;
        }

        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> block, ref int at, out int value)
    {
        value = at < block.Length ? block[at] : -1;
        at++;
        return value >= 0;
    }
}
