namespace RemoteSwap.Pool.Tests.Model;

/// <summary>A frame as the naive model sees it: two sides, and when it last went onto a list.</summary>
internal sealed class ModelFrame(FrameNumber number, bool headless)
{
    /// <summary>
    /// Where the pool has it; the model does not predict numbers, it reads them once a frame is made or moved.
    /// </summary>
    public FrameNumber Number { get; set; } = number;

    public bool Headless { get; } = headless;

    public ModelZpage? First { get; set; }

    public ModelZpage? Last { get; set; }

    /// <summary>When it went onto its present list; the latest is the head.</summary>
    public long ListedAt { get; set; }

    public bool UnderReclaim { get; set; }

    public int Free => 63 - (First?.Chunks ?? 0) - (Last?.Chunks ?? 0);

    public bool IsEmpty => First is null && Last is null;

    public bool IsUnbuddied => !Headless && (First is null) != (Last is null);

    public bool IsPinned => First is { Pins: > 0 } || Last is { Pins: > 0 };

    public ModelZpage? Lone => First ?? Last;

    public void Set(Buddy side, ModelZpage? zpage)
    {
        if (side == Buddy.First)
        {
            First = zpage;
        }
        else
        {
            Last = zpage;
        }
    }
}
