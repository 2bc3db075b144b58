using RemoteSwap.Pool;

namespace RemoteSwap.Store.Tests.Fairness;

/// <summary>Frames that are only numbers, of which it knows how many were ever out at a time.</summary>
internal sealed class CountingFrames(long limit) : IFrameSource
{
    private long _out;
    private long _tooMany;

    /// <summary>How often there were more out than there are.</summary>
    public long TooMany => Volatile.Read(ref _tooMany);

    public bool TryTake(out FrameNumber frame)
    {
        frame = new FrameNumber(0);
        if (Interlocked.Increment(ref _out) > limit)
        {
            Interlocked.Increment(ref _tooMany);
        }

        return true;
    }

    public void Return(FrameNumber frame) => Interlocked.Decrement(ref _out);
}
