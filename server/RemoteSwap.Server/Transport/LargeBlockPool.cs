using System.Buffers;

namespace RemoteSwap.Server.Transport;

/// <summary>
/// The blocks that connections receive into and in which messages wait: larger than the 4 KiB that the web server takes
/// by itself. One receive then brings forty pages instead of two and a half, few zpages lie across two blocks, and the
/// reply of a usual Load is made in one block.
/// <para>
/// The trade-off: a stream that has sent one small message holds a block until it is read; idle connections hold none.
/// Free blocks beyond a few are left to the garbage collector.
/// </para>
/// <para>Thread-safe.</para>
/// </summary>
internal sealed class LargeBlockPool : MemoryPool<byte>
{
    /// <summary>Bytes of a block to receive into.</summary>
    public const int BlockBytes = 64 << 10;

    /// <summary>Bytes of a block to make a reply in; larger ones are made in arrays of their own.</summary>
    public const int ReplyBlockBytes = 256 << 10;

    // 16 MiB of each.
    private const int MaxBlocksKept = 256;
    private const int MaxReplyBlocksKept = 64;

    private readonly FreeBlocks _blocks = new(BlockBytes, MaxBlocksKept);
    private readonly FreeBlocks _replyBlocks = new(ReplyBlockBytes, MaxReplyBlocksKept);

    /// <inheritdoc/>
    public override int MaxBufferSize => ReplyBlockBytes;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, ReplyBlockBytes);
        return minBufferSize <= BlockBytes ? _blocks.Take() : _replyBlocks.Take();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Blocks are the collector's.
    }
}
