using RemoteSwap.Pool;

namespace RemoteSwap.Benchmarks.Data;

/// <summary>
/// Touched memory to copy to and from: what the arena is made of, so that a copy pays the same misses of cache and TLB
/// as the store does, and nothing else.
/// </summary>
internal sealed class ColdMemory : IDisposable
{
    private readonly FrameArena _arena;

    /// <param name="frames">How many frames of 4 KiB, at least 1.</param>
    public ColdMemory(int frames)
    {
        _arena = new FrameArena(frames);
        Frames = frames;
        for (int frame = 0; frame < frames; frame++)
        {
            if (!_arena.TryTake(out FrameNumber taken) || taken.Value != (uint)frame)
            {
                throw new InvalidOperationException($"frame {frame} of {frames} could not be had");
            }

            _arena[taken].Fill((byte)frame);
        }
    }

    /// <summary>How many frames.</summary>
    public int Frames { get; }

    /// <summary>The bytes of a frame.</summary>
    public Span<byte> this[int frame] => _arena[new FrameNumber((uint)frame)];

    public void Dispose() => _arena.Dispose();
}
