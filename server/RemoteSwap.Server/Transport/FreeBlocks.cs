using System.Buffers;
using System.Collections.Concurrent;

namespace RemoteSwap.Server.Transport;

/// <summary>Blocks of one size for use again, up to a bound. Thread-safe.</summary>
/// <param name="blockBytes">Bytes of a block.</param>
/// <param name="maxKept">The most free blocks that are kept.</param>
internal sealed class FreeBlocks(int blockBytes, int maxKept)
{
    private readonly ConcurrentQueue<Block> _free = new();
    private int _kept;

    public IMemoryOwner<byte> Take()
    {
        if (!_free.TryDequeue(out Block? block))
        {
            return new Block(this);
        }

        Interlocked.Decrement(ref _kept);
        return block;
    }

    private void Give(Block block)
    {
        if (Interlocked.Increment(ref _kept) <= maxKept)
        {
            _free.Enqueue(block);
        }
        else
        {
            Interlocked.Decrement(ref _kept);
        }
    }

    private sealed class Block(FreeBlocks owner) : IMemoryOwner<byte>
    {
        // Pinned, because a receive that waits has its address.
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(owner.BlockBytes, pinned: true);

        public Memory<byte> Memory => _bytes;

        public void Dispose() => owner.Give(this);
    }

    private int BlockBytes => blockBytes;
}
