using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>How many frames of each state a block of neighbouring frames has, as far as it was looked at.</summary>
public sealed class BlockCounts
{
    /// <summary>How many states there are: <see cref="FrameState"/>.</summary>
    public const int States = (int)FrameState.Elsewhere + 1;

    private readonly int[] _frames = new int[States];

    /// <summary>Frames of a state.</summary>
    public int this[FrameState state] => _frames[(int)state];

    internal void Add(FrameState state) => _frames[(int)state]++;
}
