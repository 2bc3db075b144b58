namespace RemoteSwap.Pool.Tests;

/// <summary>A frame source whose frames come with whatever the previous owner left in them, meta included.</summary>
internal sealed class DirtyFrames(FrameArena arena) : IFrameSource
{
    private const byte Dirt = 0xA5;

    public bool TryTake(out FrameNumber frame)
    {
        if (!arena.TryTake(out frame))
        {
            return false;
        }

        arena[frame].Fill(Dirt);
        arena.Meta(frame) = new FrameMeta
        {
            LruPrevious = 1,
            LruNext = 2,
            ListPrevious = 3,
            ListNext = 4,
            FirstHandle = 5,
            LastHandle = 6,
            FirstChunks = 7,
            LastChunks = 8,
            UnderReclaim = true,
            Pins = 9,
        };
        return true;
    }

    public void Return(FrameNumber frame) => arena.Return(frame);
}
