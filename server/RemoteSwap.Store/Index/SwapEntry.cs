using System.Runtime.InteropServices;
using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// One slot's entry in index A: 16 bytes. What is known of the page beyond this stands beside the page itself, in its
/// owner record; both are compared at every Load.
/// <code>
/// _head  bits 0-2   kind
///        bits 3-5   encoding
///        bit  6     handed over: an exclusive Load has it, its acknowledgement has not come
///        bit  7     of an empty slot: the generation is the slot's own, not its neighbourhood's
///        bits 8-63  generation; of an empty slot the newest that it may have seen, 0: none
/// _tail  Empty       0
///        Zpage       bits 0-47 handle (index, generation)         bits 48-60 zpage length in bytes
///        FillNarrow  bits 0-31 half of the word                   bits 32-63 page checksum
///        FillWide    bits 0-31 cell of the fill table             bits 32-63 page checksum
///        Spilled     bits 0-31 place in the spill file  bit 32 buddy   bits 33-47 of the page checksum, its low 15
///                    bits 48-60 zpage length in bytes
///        Evicted     bits 32-63 page checksum
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal readonly record struct SwapEntry
{
    /// <summary>Bytes of an entry.</summary>
    public const int Bytes = 16;

    private const int EncodingShift = 3;
    private const ulong HandedOverBit = 1UL << 6;
    private const ulong OwnBit = 1UL << 7;
    private const int GenerationShift = 8;
    private const int LengthShift = 48;
    private const ulong HandleMask = (1UL << LengthShift) - 1;
    private const int UpperShift = 32;
    private const int FingerprintShift = 33;
    private const uint FingerprintMask = (1u << (LengthShift - FingerprintShift)) - 1;

    private readonly ulong _head;
    private readonly ulong _tail;

    private SwapEntry(EntryKind kind, ZpageEncoding encoding, Generation generation, ulong tail)
    {
        _head = (ulong)kind | ((ulong)encoding << EncodingShift) | (generation.Value << GenerationShift);
        _tail = tail;
    }

    private SwapEntry(ulong head, ulong tail)
    {
        _head = head;
        _tail = tail;
    }

    public EntryKind Kind => (EntryKind)(_head & 7);

    public bool IsEmpty => Kind == EntryKind.Empty;

    /// <summary>Whether it counts as one of its tenant's pages: what its client has taken does not.</summary>
    public bool IsCounted => !IsEmpty && Kind != EntryKind.Evicted;

    public bool IsFill => Kind is EntryKind.FillNarrow or EntryKind.FillWide;

    public ZpageEncoding Encoding => (ZpageEncoding)((_head >> EncodingShift) & 7);

    public Generation Generation => new(_head >> GenerationShift);

    public bool IsHandedOver => (_head & HandedOverBit) != 0;

    /// <summary>Of an empty slot: whether this very slot was emptied, or refused a page, at the generation.</summary>
    public bool IsOwn => (_head & OwnBit) != 0;

    /// <summary>Of a Zpage: its handle.</summary>
    public ZbudHandle Handle => new(_tail & HandleMask);

    /// <summary>Of a Zpage or Spilled: bytes of the zpage.</summary>
    public int Length => (int)(_tail >> LengthShift);

    /// <summary>Of a Zpage or Spilled: whether the zpage needs a whole frame.</summary>
    public bool IsHeadless => Length > Chunks.MaxZpageBytes;

    /// <summary>Of a fill or an Evicted: the page checksum.</summary>
    public uint PageChecksum => (uint)(_tail >> UpperShift);

    /// <summary>Of a FillNarrow: the word.</summary>
    public ulong NarrowWord => (uint)_tail | (_tail << UpperShift);

    /// <summary>Of a FillWide: the cell of its word.</summary>
    public uint Cell => (uint)_tail;

    /// <summary>Of a Spilled: where its image lies.</summary>
    public SpillPlace Place => new((uint)_tail);

    /// <summary>Of a Spilled: which zpage of the image.</summary>
    public Buddy Buddy => (Buddy)((_tail >> UpperShift) & 1);

    public static SwapEntry Zpage(Generation generation, ZpageEncoding encoding, ZbudHandle handle, int length) =>
        new(EntryKind.Zpage, encoding, generation, handle.Value | ((ulong)length << LengthShift));

    /// <summary>An empty slot and the newest generation that it has seen itself: a tombstone.</summary>
    public static SwapEntry Tombstone(Generation generation) =>
        new((generation.Value << GenerationShift) | OwnBit, tail: 0);

    /// <summary>An empty slot and the newest generation that it may have seen.</summary>
    public static SwapEntry Floor(Generation generation) => new(generation.Value << GenerationShift, tail: 0);

    public static bool IsNarrow(ulong word) => (uint)word == (uint)(word >> UpperShift);

    public static SwapEntry FillNarrow(Generation generation, ulong word, uint pageChecksum) =>
        new(EntryKind.FillNarrow, ZpageEncoding.Fill, generation, (uint)word | ((ulong)pageChecksum << UpperShift));

    public static SwapEntry FillWide(Generation generation, uint cell, uint pageChecksum) =>
        new(EntryKind.FillWide, ZpageEncoding.Fill, generation, cell | ((ulong)pageChecksum << UpperShift));

    /// <summary>A page in a frame image.</summary>
    public static SwapEntry Spilled(in OwnerRecord record, SpillPlace place, Buddy buddy) =>
        Zpage(record.Generation, record.Encoding, handle: default, record.Length)
            .ToSpilled(place, buddy, record.PageChecksum);

    /// <summary>The same page, in a frame image.</summary>
    public SwapEntry ToSpilled(SpillPlace place, Buddy buddy, uint pageChecksum) => new(
        (_head & ~7UL) | (ulong)EntryKind.Spilled,
        place.Value | ((ulong)buddy << UpperShift) | ((ulong)(pageChecksum & FingerprintMask) << FingerprintShift)
        | ((ulong)Length << LengthShift));

    /// <summary>The same page, with its owner.</summary>
    public SwapEntry ToEvicted(uint pageChecksum) =>
        new((_head & ~7UL) | (ulong)EntryKind.Evicted, (ulong)pageChecksum << UpperShift);

    /// <summary>
    /// Of a Spilled: whether a page may be this one, as far as can be told without reading the image.
    /// </summary>
    public bool HasFingerprint(uint pageChecksum) =>
        ((uint)(_tail >> FingerprintShift) & FingerprintMask) == (pageChecksum & FingerprintMask);

    /// <summary>The same page, handed over.</summary>
    public SwapEntry ToHandedOver() => new(_head | HandedOverBit, _tail);
}
