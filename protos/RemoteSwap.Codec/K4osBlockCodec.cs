using K4os.Compression.LZ4;

namespace RemoteSwap.Codec;

/// <summary>LZ4 in managed code (K4os.Compression.LZ4), which needs nothing installed.</summary>
public sealed class K4osBlockCodec : IBlockCodec
{
    /// <summary>The shared instance.</summary>
    public static K4osBlockCodec Instance { get; } = new();

    private K4osBlockCodec()
    {
    }

    /// <inheritdoc/>
    public string Name => "K4os.Compression.LZ4";

    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<byte> page, Span<byte> block) => Math.Max(0, LZ4Codec.Encode(page, block));

    /// <inheritdoc/>
    public bool TryDecode(ReadOnlySpan<byte> block, Span<byte> page) => LZ4Codec.Decode(block, page) == page.Length;
}
