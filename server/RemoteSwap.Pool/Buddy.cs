namespace RemoteSwap.Pool;

/// <summary>Which of a frame's two zpages.</summary>
public enum Buddy
{
    /// <summary>The left-justified one; always begins behind the header chunk.</summary>
    First = 0,

    /// <summary>The right-justified one; always ends at the end of the frame.</summary>
    Last = 1,
}
