namespace RemoteSwap.Codec.Tests;

/// <summary>Writes LZ4 blocks sequence by sequence, also wrong ones.</summary>
internal sealed class BlockBuilder
{
    private const int MinMatch = 4;
    private const int Nibble = 15;
    private readonly List<byte> _bytes = [];

    /// <summary>Bytes that the block decodes to, if it is well formed.</summary>
    public int Produced { get; private set; }

    /// <summary>Adds literals and a match.</summary>
    public BlockBuilder Sequence(int literals, int offset, int match)
    {
        int extra = match - MinMatch;
        Token(literals, Math.Min(extra, Nibble));
        _bytes.Add((byte)offset);
        _bytes.Add((byte)(offset >> 8));
        Extend(extra);
        Produced += match;
        return this;
    }

    /// <summary>Adds the last literals.</summary>
    public BlockBuilder End(int literals)
    {
        Token(literals, 0);
        return this;
    }

    /// <summary>The block.</summary>
    public byte[] ToBlock() => [.. _bytes];

    private void Token(int literals, int matchNibble)
    {
        _bytes.Add((byte)((Math.Min(literals, Nibble) << 4) | matchNibble));
        Extend(literals);
        for (int i = 0; i < literals; i++)
        {
            _bytes.Add((byte)(Produced + i));
        }

        Produced += literals;
    }

    private void Extend(int length)
    {
        if (length < Nibble)
        {
            return;
        }

        int rest = length - Nibble;
        for (; rest >= byte.MaxValue; rest -= byte.MaxValue)
        {
            _bytes.Add(byte.MaxValue);
        }

        _bytes.Add((byte)rest);
    }
}
