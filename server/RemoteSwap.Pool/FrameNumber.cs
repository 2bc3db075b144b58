namespace RemoteSwap.Pool;

/// <summary>A frame's place in the arena, from 0. Changes when a frame migrates; never leaves the server.</summary>
/// <param name="Value">The number, below 2^31.</param>
public readonly record struct FrameNumber(uint Value)
{
    /// <summary>No frame.</summary>
    public static readonly FrameNumber None = new(uint.MaxValue);

    /// <summary>The largest number of frames there can be: a tagged frame keeps one bit for the buddy.</summary>
    public const int MaxFrames = int.MaxValue;

    /// <inheritdoc/>
    public override string ToString() => this == None ? "frame none" : $"frame {Value}";
}
