namespace RemoteSwap.Codec;

/// <summary>Compresses one page into one LZ4 block and back. Implementations are stateless and may be shared.</summary>
public interface IBlockCodec
{
    /// <summary>The codec's name, for reports.</summary>
    string Name { get; }

    /// <summary>Compresses a page.</summary>
    /// <param name="page">Exactly 4,096 bytes.</param>
    /// <param name="block">Room for the block.</param>
    /// <returns>Bytes written, or 0 if the block does not fit.</returns>
    int Encode(ReadOnlySpan<byte> page, Span<byte> block);

    /// <summary>
    /// Decompresses a block. Reads nothing outside <paramref name="block"/> and writes nothing outside
    /// <paramref name="page"/>, whatever the bytes.
    /// </summary>
    /// <returns>Whether the block is well formed and filled the page exactly. If not, the page's content is
    /// undefined.</returns>
    bool TryDecode(ReadOnlySpan<byte> block, Span<byte> page);
}
