using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Which zpages of a place's image are the current pages of their slots.
/// <code>
/// bits  0-31   the image's checksum
/// bit  32      the first zpage is
/// bit  33      the last zpage is
/// bit  34      the image is a headless frame's
/// </code>
/// Neither bit 32 nor 33: no page is there, whatever the rest says.
/// </summary>
/// <param name="Word">The bits.</param>
public readonly record struct LiveMark(ulong Word)
{
    private const int FirstBit = 32;
    private const ulong Headless = 1UL << 34;
    private const ulong Zpages = 3UL << FirstBit;

    /// <summary>Whether no page is there.</summary>
    public bool IsNone => (Word & Zpages) == 0;

    /// <summary>Whether the image is a headless frame's.</summary>
    public bool IsHeadless => (Word & Headless) != 0;

    /// <summary>The image's checksum.</summary>
    public uint ImageChecksum => (uint)Word;

    /// <summary>Makes one for one zpage of an image.</summary>
    public static LiveMark Of(Buddy buddy, uint imageChecksum, bool isHeadless) =>
        new(imageChecksum | BitOf(buddy) | (isHeadless ? Headless : 0));

    /// <summary>The bit of a zpage.</summary>
    public static ulong BitOf(Buddy buddy) => 1UL << (FirstBit + (int)buddy);

    /// <summary>Whether a zpage is current.</summary>
    public bool Has(Buddy buddy) => (Word & BitOf(buddy)) != 0;
}
