using System.Runtime.InteropServices;
using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// What a zpage is, written beside it into its frame's header: index B's way back from a frame to the slot, and the
/// proof on Load and after a read from the spill file that these bytes are that slot's.
/// <code>
/// offset  bytes
///      0      4  area
///      4      4  slot
///      8      8  generation
///     16      4  zpage checksum
///     20      4  page checksum
///     24      2  bits 0-12 zpage length in bytes, bits 13-15 encoding
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = FrameHeader.OwnerRecordBytes)]
internal readonly record struct OwnerRecord
{
    private const int EncodingShift = 13;
    private const int LengthMask = (1 << EncodingShift) - 1;

    private readonly uint _area;
    private readonly uint _slot;
    private readonly ulong _generation;
    private readonly uint _zpageChecksum;
    private readonly uint _pageChecksum;
    private readonly ushort _lengthAndEncoding;

    public OwnerRecord(
        AreaId area,
        Slot slot,
        Generation generation,
        ZpageEncoding encoding,
        int length,
        uint zpageChecksum,
        uint pageChecksum)
    {
        _area = area.Value;
        _slot = (uint)slot.Value;
        _generation = generation.Value;
        _zpageChecksum = zpageChecksum;
        _pageChecksum = pageChecksum;
        _lengthAndEncoding = (ushort)(length | ((int)encoding << EncodingShift));
    }

    public AreaId Area => new(_area);

    public Slot Slot => new(_slot);

    public Generation Generation => new(_generation);

    public uint ZpageChecksum => _zpageChecksum;

    public uint PageChecksum => _pageChecksum;

    public int Length => _lengthAndEncoding & LengthMask;

    public ZpageEncoding Encoding => (ZpageEncoding)(_lengthAndEncoding >> EncodingShift);

    /// <summary>
    /// Whether an entry can say the same. A checksum proves what was written, not that it makes sense.
    /// </summary>
    public bool IsSound => _generation <= Generation.MaxValue
        && Length <= ZpageLimits.MaxBytes
        && Encoding is ZpageEncoding.Lz4 or ZpageEncoding.Raw or ZpageEncoding.Fill or ZpageEncoding.Sealed;

    public static OwnerRecord Read(ReadOnlySpan<byte> record) => MemoryMarshal.Read<OwnerRecord>(record);

    public void Write(Span<byte> record) => MemoryMarshal.Write(record, in this);

    /// <summary>Whether this is the record of the page that an entry of that slot names.</summary>
    public bool Matches(AreaId area, Slot slot, in SwapEntry entry) =>
        _area == area.Value && _slot == slot.Value && Generation == entry.Generation
        && Length == entry.Length && Encoding == entry.Encoding;
}
