using System.Runtime.InteropServices;

namespace RemoteSwap.Store;

/// <summary>
/// What of index A stands in no frame: same-filled and evicted pages, and what orders generations. 126 of them, of 32
/// bytes, make an image of kind Index.
/// <code>
/// offset  bytes
///      0      1  kind
///      1      1  whether a same-filled or an evicted page is handed over
///      2      2  shard
///      4      4  area
///      8      4  slot; of a leaf its first, of a slab its number
///     12      4  page checksum of a same-filled or an evicted page
///     16      8  generation
///     24      8  word of a same-filled page; encoding of an evicted one
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = Bytes)]
internal readonly record struct IndexRecord
{
    /// <summary>Bytes of a record.</summary>
    public const int Bytes = 32;

    private readonly byte _kind;
    private readonly byte _isHandedOver;
    private readonly ushort _shard;
    private readonly uint _area;
    private readonly uint _slot;
    private readonly uint _pageChecksum;
    private readonly ulong _generation;
    private readonly ulong _word;

    public IndexRecord(IndexRecordKind kind, int shard, AreaId area, uint slot, Generation generation)
    {
        _kind = (byte)kind;
        _shard = (ushort)shard;
        _area = area.Value;
        _slot = slot;
        _generation = generation.Value;
    }

    public IndexRecordKind Kind => (IndexRecordKind)_kind;

    public int Shard => _shard;

    public AreaId Area => new(_area);

    public Slot Slot => new(_slot);

    /// <summary>Of a SlabFloor: the slab.</summary>
    public uint Slab => _slot;

    public Generation Generation => new(_generation);

    public bool IsHandedOver
    {
        get => _isHandedOver != 0;
        init => _isHandedOver = value ? (byte)1 : (byte)0;
    }

    public uint PageChecksum
    {
        get => _pageChecksum;
        init => _pageChecksum = value;
    }

    public ulong Word
    {
        get => _word;
        init => _word = value;
    }
}
