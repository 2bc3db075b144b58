using System.Runtime.InteropServices;

namespace RemoteSwap.Pool;

/// <summary>
/// Where a zpage lies, as far as could be seen without a lock; good for a prefetch, and for nothing else.
/// </summary>
/// <param name="Frame">The frame; none: there is no guess.</param>
/// <param name="Offset">Where in the frame it begins, in bytes.</param>
/// <param name="SizeBytes">Its bytes.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ZpageGuess(FrameNumber Frame, int Offset, int SizeBytes)
{
    /// <summary>No guess.</summary>
    public static readonly ZpageGuess None = new(FrameNumber.None, 0, 0);
}
