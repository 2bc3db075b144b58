using RemoteSwap.Codec;

namespace RemoteSwap.Store;

/// <summary>
/// Slots of one Load and what was found, in columns. Made once and used again: its columns hold
/// <see cref="StoreBatch.MaxPages"/>. One user at a time.
/// <para>
/// Zpages go into the batch's own buffer, or into memory that the caller lends for one Load, which is not touched any
/// more once that call has returned.
/// </para>
/// </summary>
public sealed class LoadBatch
{
    private Memory<byte> _lent;
    private byte[] _buffer = new byte[ZpageLimits.MaxBytes];

    /// <summary>The area.</summary>
    public AreaId Area { get; set; }

    /// <summary>Whose request it is.</summary>
    public AttachEpoch Epoch { get; set; }

    /// <summary>How many slots.</summary>
    public int Count { get; set; }

    /// <summary>Hand the pages over.</summary>
    public bool Exclusive { get; set; }

    /// <summary>Takes the times of its parts; null, the default: nobody looks.</summary>
    public StageClock? Clock { get; set; }

    /// <summary>Column: slots.</summary>
    public ulong[] Slots { get; } = new ulong[StoreBatch.MaxPages];

    /// <summary>Column: what became of the slots.</summary>
    public LoadOutcome[] Outcomes { get; } = new LoadOutcome[StoreBatch.MaxPages];

    /// <summary>Column: what was found, where the outcome is Loaded.</summary>
    public LoadedPage[] Pages { get; } = new LoadedPage[StoreBatch.MaxPages];

    /// <summary>
    /// All zpages back to back, in the order of the slots; in the memory that was lent if that was enough to complete
    /// the Load.
    /// </summary>
    public ReadOnlyMemory<byte> Zpages => Room[..ZpageBytes];

    /// <summary>Bytes of all zpages.</summary>
    public int ZpageBytes { get; internal set; }

    /// <summary>Where the zpages of this Load lie.</summary>
    internal Memory<byte> Room { get; private set; }

    internal Lookahead Lookahead { get; } = new();

    internal SwapEntry[] Spilled { get; } = new SwapEntry[StoreBatch.MaxPages];

    /// <summary>Lends memory to the next Load, and to that one only.</summary>
    /// <param name="room">At least <see cref="Count"/> times 4,122 bytes; empty: the batch's own buffer.</param>
    public void SetDestination(Memory<byte> room) => _lent = room;

    /// <summary>Begins a Load.</summary>
    /// <exception cref="ArgumentException">The memory that was lent is too small.</exception>
    internal void Reset()
    {
        Memory<byte> lent = _lent;
        _lent = default;
        if (lent.Length < Count * ZpageLimits.MaxBytes && !lent.IsEmpty)
        {
            throw new ArgumentException($"{lent.Length} bytes are lent for {Count} pages");
        }

        Room = lent.IsEmpty ? OwnBuffer() : lent;
        ZpageBytes = 0;
        Array.Clear(Spilled, 0, Count);
        Array.Clear(Pages, 0, Count);
    }

    /// <summary>
    /// Moves what was found into the batch's own buffer, so that memory that was lent can be given back.
    /// </summary>
    internal void Keep()
    {
        Memory<byte> own = OwnBuffer();
        Room.Span[..ZpageBytes].CopyTo(own.Span);
        Room = own;
    }

    private byte[] OwnBuffer()
    {
        if (_buffer.Length < Count * ZpageLimits.MaxBytes)
        {
            _buffer = new byte[Count * ZpageLimits.MaxBytes];
        }

        return _buffer;
    }
}
