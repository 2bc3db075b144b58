using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Where in a spill file a place's frame and header lie. It does not depend on how many places there are, so that a
/// file can be used again under another limit.
/// <code>
/// [ start: 4 KiB ][ 64 headers: 4 KiB ][ 64 frames: 256 KiB ][ 64 headers ][ 64 frames ] ...
/// </code>
/// The header of a frame that has one is the frame's own first chunk; only a headless frame uses the header's place.
/// </summary>
internal static class SpillLayout
{
    /// <summary>Places whose headers lie together; neighbours in two groups are no neighbours in the file.</summary>
    public const int GroupPlaces = FrameArena.FrameBytes / FrameHeader.Bytes;

    private const long GroupBytes = (GroupPlaces + 1L) * FrameArena.FrameBytes;

    /// <summary>Where the header of a place lies.</summary>
    public static long HeaderOffset(SpillPlace place) =>
        GroupOffset(place) + (place.Value % GroupPlaces * FrameHeader.Bytes);

    /// <summary>Where the frame of a place lies.</summary>
    public static long FrameOffset(SpillPlace place) =>
        GroupOffset(place) + FrameArena.FrameBytes + (place.Value % GroupPlaces * (long)FrameArena.FrameBytes);

    /// <summary>How many places at the start of a list lie behind each other in the file.</summary>
    public static int RunLength(ReadOnlySpan<SpillPlace> places)
    {
        int count = 1;
        while (count < places.Length
            && places[count].Value == places[count - 1].Value + 1
            && places[count].Value % GroupPlaces != 0)
        {
            count++;
        }

        return count;
    }

    private static long GroupOffset(SpillPlace place) =>
        FrameArena.FrameBytes + (place.Value / GroupPlaces * GroupBytes);
}
