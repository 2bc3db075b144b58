using System.Runtime.InteropServices;
using RemoteSwap.Codec;

namespace RemoteSwap.Device;

/// <summary>
/// A run of bytes cut at the borders of pages: a part of the first page, whole pages, a part of the last page; any of
/// the three may be missing. A run within one page is a part of the first.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageCut
{
    /// <summary>Cuts a run of bytes.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many, at least 1.</param>
    public PageCut(long offset, long length)
    {
        long end = offset + length;
        FirstSlot = offset / PageSize.Bytes;
        LastSlot = (end - 1) / PageSize.Bytes;
        HeadSkip = (int)(offset % PageSize.Bytes);
        bool isWithinOne = FirstSlot == LastSlot && length < PageSize.Bytes;
        HeadBytes = isWithinOne ? (int)length : HeadSkip == 0 ? 0 : PageSize.Bytes - HeadSkip;
        TailBytes = isWithinOne ? 0 : (int)(end % PageSize.Bytes);
        FirstWhole = FirstSlot + (HeadBytes > 0 ? 1 : 0);
        WholePages = (length - HeadBytes - TailBytes) / PageSize.Bytes;
    }

    /// <summary>The slot of the first byte.</summary>
    public long FirstSlot { get; }

    /// <summary>The slot of the last byte.</summary>
    public long LastSlot { get; }

    /// <summary>Slots that are touched, whole or in part.</summary>
    public long Slots => LastSlot - FirstSlot + 1;

    /// <summary>Bytes before the part of the first page.</summary>
    public int HeadSkip { get; }

    /// <summary>Bytes of the part of the first page; 0: there is none.</summary>
    public int HeadBytes { get; }

    /// <summary>The first slot that is touched whole.</summary>
    public long FirstWhole { get; }

    /// <summary>Slots that are touched whole.</summary>
    public long WholePages { get; }

    /// <summary>Bytes of the part of the last page, from its start; 0: there is none.</summary>
    public int TailBytes { get; }

    /// <summary>Whether there are whole pages only.</summary>
    public bool IsWhole => HeadBytes == 0 && TailBytes == 0;
}
