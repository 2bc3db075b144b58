using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// How drained images lie in their file, and in memory while they are on their way: in groups of 512, so that one
/// request carries two megabytes and everything stays aligned.
/// <code>
/// [ headers: 64 bytes an image ][ frames: 4,096 bytes an image ]   the next group follows; the last may have fewer
/// frames
/// </code>
/// The header of an image says what it is and whose; of a frame with a header it is its first chunk once more.
/// </summary>
internal sealed class ImageGroup
{
    /// <summary>Images in a group.</summary>
    public const int Images = 512;

    private const int HeaderBytes = Images * FrameHeader.Bytes;
    private const int GroupBytes = HeaderBytes + (Images * FrameArena.FrameBytes);

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(GroupBytes, pinned: true);

    /// <summary>How many images are in it.</summary>
    public int Count { get; set; }

    /// <summary>Room for further images.</summary>
    public int Room => Images - Count;

    /// <summary>What is in the file of a group with so many images.</summary>
    public static int BytesOf(int images) => HeaderBytes + (images * FrameArena.FrameBytes);

    /// <summary>Where a group begins.</summary>
    public static long OffsetOf(long group) => group * GroupBytes;

    /// <summary>Bytes of a file with so many images.</summary>
    public static long FileBytes(long images)
    {
        int last = (int)(images % Images);
        return OffsetOf(images / Images) + (last == 0 ? 0 : BytesOf(last));
    }

    /// <summary>What of the group is written and read.</summary>
    public Memory<byte> Written => _bytes.AsMemory(0, BytesOf(Count));

    /// <summary>Clears the headers behind the last image: they are written too, and the group was another's.</summary>
    public void ClearUnused() => Headers(Count, Room).Clear();

    /// <summary>The header of an image.</summary>
    public Span<byte> Header(int image) => Headers(image, 1);

    /// <summary>The frame of an image.</summary>
    public Span<byte> Frame(int image) => Frames(image, 1);

    /// <summary>The headers of images in a row.</summary>
    public Span<byte> Headers(int first, int count) =>
        _bytes.AsSpan(first * FrameHeader.Bytes, count * FrameHeader.Bytes);

    /// <summary>The frames of images in a row.</summary>
    public Span<byte> Frames(int first, int count) =>
        _bytes.AsSpan(HeaderBytes + (first * FrameArena.FrameBytes), count * FrameArena.FrameBytes);
}
