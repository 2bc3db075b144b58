using System.Collections.Concurrent;

namespace RemoteSwap.Store;

/// <summary>
/// Writebacks for use again: each has 130 KiB of buffers, which a reclaim would else leave to the garbage collector.
/// Thread-safe.
/// </summary>
internal sealed class WritebackPool(IWritebackTarget target)
{
    private const int MaxKept = 8;
    private readonly ConcurrentQueue<FrameWriteback> _free = new();

    public FrameWriteback Rent() =>
        _free.TryDequeue(out FrameWriteback? writeback) ? writeback : new FrameWriteback(target);

    public void Return(FrameWriteback writeback)
    {
        if (_free.Count < MaxKept)
        {
            _free.Enqueue(writeback);
        }
    }
}
