using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteSwap.Pool;

/// <summary>
/// The first chunk of a frame, by which a frame (and a frame image in a spill file) explains itself: what kind it is,
/// whose, where its zpages lie, and what they are.
/// <code>
/// offset  bytes
///      0      1  format version
///      1      1  kind (FrameKind)
///      2      1  chunks of the first zpage
///      3      1  chunks of the last zpage
///      4      4  owner: the tenant's number
///      8      4  in memory: the stamp of its place on the LRU list; in an image: the image's checksum
///     12     26  owner record of the first zpage  (opaque here; RemoteSwap.Store defines it)
///     38     26  owner record of the last zpage; of a headless frame its owner's to use
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = Bytes)]
public struct FrameHeader
{
    /// <summary>Bytes of a header: one chunk.</summary>
    public const int Bytes = 64;

    /// <summary>Bytes of an owner record.</summary>
    public const int OwnerRecordBytes = 26;

    /// <summary>The format described here.</summary>
    public const byte CurrentVersion = 1;

    /// <summary>Offset of the first owner record.</summary>
    public const int FirstRecordOffset = 12;

    /// <summary>Offset of the last owner record.</summary>
    public const int LastRecordOffset = FirstRecordOffset + OwnerRecordBytes;

    /// <summary>Format version.</summary>
    public byte Version;

    /// <summary>What the frame holds.</summary>
    public FrameKind Kind;

    /// <summary>Chunks of the first zpage.</summary>
    public byte FirstChunks;

    /// <summary>Chunks of the last zpage.</summary>
    public byte LastChunks;

    /// <summary>The tenant's number.</summary>
    public uint Owner;

    /// <summary>Checksum of the image, set when the frame is written out.</summary>
    public uint ImageChecksum;

    /// <summary>
    /// When the frame came to the head of the LRU list, in additions to it; only in memory, and modulo 2^32. Of a frame
    /// that was moved to the tail: before all others. Two places of the list can be compared by it without a walk.
    /// </summary>
    public uint Stamp
    {
        readonly get => ImageChecksum;
        set => ImageChecksum = value;
    }

    /// <summary>
    /// Tells which of two stamps is more recent. Wrong for two that are more than 2^31 additions apart, which costs a
    /// merged frame no more than the better of two places.
    /// </summary>
    public static bool IsMoreRecent(uint stamp, uint other) => (int)(stamp - other) > 0;

    /// <summary>Reads a frame's first chunk as a header.</summary>
    public static ref FrameHeader Of(Span<byte> chunk) => ref MemoryMarshal.AsRef<FrameHeader>(chunk[..Bytes]);

    /// <summary>The kind that a header's bytes name.</summary>
    public static FrameKind KindOf(ReadOnlySpan<byte> chunk) =>
        MemoryMarshal.AsRef<FrameHeader>(chunk[..Bytes]).Kind;

    /// <summary>The owner record of a zpage in a header's bytes.</summary>
    public static Span<byte> Record(Span<byte> chunk, Buddy buddy) =>
        chunk.Slice(buddy == Buddy.First ? FirstRecordOffset : LastRecordOffset, OwnerRecordBytes);

    /// <summary>
    /// The bytes of a header that no second zpage uses: of a headless frame the place of the last owner record, for
    /// its owner to use; of another frame none.
    /// </summary>
    public static Span<byte> Spare(Span<byte> chunk) =>
        KindOf(chunk) == FrameKind.Headless ? Record(chunk, Buddy.Last) : default;

    /// <summary>Checks the constants that the layout rests on; called once when a pool is made.</summary>
    internal static void CheckLayout()
    {
        Invariant.That(Unsafe.SizeOf<FrameHeader>() == Bytes, "the header fits one chunk");
        Invariant.That(LastRecordOffset + OwnerRecordBytes == Bytes, "the owner records fill the header");
        Invariant.That(Unsafe.SizeOf<FrameMeta>() == FrameMeta.Bytes, "frame meta is 32 bytes");
    }
}
