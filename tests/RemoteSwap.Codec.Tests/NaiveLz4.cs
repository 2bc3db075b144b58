namespace RemoteSwap.Codec.Tests;

/// <summary>
/// The LZ4 block format in the plainest words: a byte at a time, a list for output, exceptions for errors.
/// </summary>
internal static class NaiveLz4
{
    /// <summary>Decodes a well-formed block.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> block)
    {
        List<byte> output = [];
        int at = 0;
        while (true)
        {
            int token = block[at++];
            int literals = Length(block, ref at, token >> 4);
            for (int i = 0; i < literals; i++)
            {
                output.Add(block[at++]);
            }

            if (at == block.Length)
            {
                return [.. output];
            }

            int offset = block[at] + (256 * block[at + 1]);
            at += 2;
            int match = Length(block, ref at, token % 16) + 4;
            for (int i = 0; i < match; i++)
            {
                output.Add(output[output.Count - offset]);
            }
        }
    }

    private static int Length(ReadOnlySpan<byte> block, ref int at, int nibble)
    {
        int length = nibble;
        byte more = nibble == 15 ? byte.MaxValue : (byte)0;
        while (more == byte.MaxValue)
        {
            more = block[at++];
            length += more;
        }

        return length;
    }
}
