namespace RemoteSwap.Pool.Tests;

/// <summary>
/// A frame source that can be told to refuse, and remembers what it gave out. Not thread-safe: its tests have one
/// thread.
/// </summary>
internal sealed class SwitchedFrames(IFrameSource inner) : IFrameSource
{
    private readonly HashSet<FrameNumber> _out = [];

    /// <summary>Refuse every frame from now on.</summary>
    public bool Refuse { get; set; }

    /// <summary>How many takes to let through although refusing.</summary>
    public int Grants { get; set; }

    /// <summary>Frames taken since the list was last cleared.</summary>
    public HashSet<FrameNumber> Taken { get; } = [];

    /// <summary>Frames that were taken and not given back.</summary>
    public int Outstanding => _out.Count;

    public bool TryTake(out FrameNumber frame)
    {
        if (Refuse && Grants == 0)
        {
            frame = FrameNumber.None;
            return false;
        }

        Grants = Refuse ? Grants - 1 : Grants;
        if (!inner.TryTake(out frame))
        {
            return false;
        }

        Taken.Add(frame);
        return _out.Add(frame) ? true : throw new InvalidOperationException($"{frame} was given out twice");
    }

    public void Return(FrameNumber frame)
    {
        if (!_out.Remove(frame))
        {
            throw new InvalidOperationException($"{frame} was given back twice");
        }

        Taken.Remove(frame);
        inner.Return(frame);
    }
}
