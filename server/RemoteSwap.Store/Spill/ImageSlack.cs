using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Makes an image say no more than its pages: a frame is handed out as it was left, so between and behind its zpages
/// may stand what another tenant once had there. It is cleared in the copy that leaves memory, and only there.
/// <para>
/// What it is not: a wipe of freed frames. Inside the process every read of a zpage is bounded by its length, so nobody
/// is ever given what lies behind it; a wipe would cost each new frame a pass over 4 KiB and stop only who reads the
/// process's memory, which holds live pages too.
/// </para>
/// <para>Holds no lock: it works on copies.</para>
/// </summary>
internal static class ImageSlack
{
    /// <summary>Clears whatever is no part of a zpage, and the record of a zpage that is not there.</summary>
    /// <param name="frame">The copy of a frame.</param>
    /// <param name="header">The copy of its header.</param>
    public static void Clear(Span<byte> frame, Span<byte> header)
    {
        ref FrameHeader fields = ref FrameHeader.Of(header);
        switch (fields.Kind)
        {
            case FrameKind.Headless:
                int length = Math.Min(LengthOf(header, Buddy.First), ZpageLimits.MaxBytes);
                int inFrame = ZpageTail.InFrame(length);
                frame[inFrame..].Clear();
                FrameHeader.Record(header, Buddy.Last)[(length - inFrame)..].Clear();
                break;
            case FrameKind.Zbud when fields.FirstChunks + fields.LastChunks <= Chunks.Usable:
                int firstEnd = FrameHeader.Bytes + Kept(header, Buddy.First, fields.FirstChunks);
                int lastBegin = Chunks.Offset(Buddy.Last, fields.LastChunks);
                int lastEnd = lastBegin + Kept(header, Buddy.Last, fields.LastChunks);
                frame[firstEnd..lastBegin].Clear();
                frame[lastEnd..].Clear();
                break;
            case FrameKind.Zbud:
                // Nothing in it can be found any more, and what it says must not decide what leaves.
                frame.Clear();
                break;
            default:
                // Images of the index are made whole.
                break;
        }
    }

    // Bytes of a zpage; the record of one that is not there goes.
    private static int Kept(Span<byte> header, Buddy buddy, int chunks)
    {
        if (chunks == 0)
        {
            FrameHeader.Record(header, buddy).Clear();
            return 0;
        }

        return Math.Min(LengthOf(header, buddy), chunks * Chunks.Bytes);
    }

    private static int LengthOf(Span<byte> header, Buddy buddy) =>
        OwnerRecord.Read(FrameHeader.Record(header, buddy)).Length;
}
