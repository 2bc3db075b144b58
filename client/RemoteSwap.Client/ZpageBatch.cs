using RemoteSwap.Codec;

namespace RemoteSwap.Client;

/// <summary>
/// Up to 512 zpages in columns, as they travel: for whoever has pages in encoded form already (a proxy, a migration) or
/// wants to measure without the codec. Made once and used again for any number of calls of <see cref="SwapArea"/>.
/// <para>
/// What it is not: a place to keep pages. It refers to the caller's memory. Between the start of a call and the end of
/// its task the batch and that memory belong to the call; one call at a time.
/// </para>
/// </summary>
public sealed class ZpageBatch
{
    private readonly ulong[] _slots;
    private readonly ulong[] _generations;
    private readonly int[] _sizes;
    private readonly ZpageEncoding[] _encodings;
    private readonly uint[] _pageCrcs;
    private readonly StoreOutcome[] _storeOutcomes;
    private readonly LoadOutcome[] _loadOutcomes;

    /// <summary>Makes a batch.</summary>
    /// <param name="capacity">The most pages that it will hold, 1 to 512.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is out of its range.</exception>
    public ZpageBatch(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, WireLimits.MaxBatchPages);
        Capacity = capacity;
        _slots = new ulong[capacity];
        _generations = new ulong[capacity];
        _sizes = new int[capacity];
        _encodings = new ZpageEncoding[capacity];
        _pageCrcs = new uint[capacity];
        _storeOutcomes = new StoreOutcome[capacity];
        _loadOutcomes = new LoadOutcome[capacity];
    }

    /// <summary>The most pages that it can hold.</summary>
    public int Capacity { get; }

    /// <summary>Pages that it holds now: the length of all columns, 0 to <see cref="Capacity"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int Count
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Capacity);
            field = value;
        }
    }

    /// <summary>
    /// The zpages back to back, in the order of the slots. Store: at least the sum of <see cref="Sizes"/> in bytes.
    /// Load: room for 4,096 bytes a page; afterwards the sum of <see cref="Sizes"/> of them are filled.
    /// </summary>
    public Memory<byte> Zpages { get; set; }

    /// <summary>
    /// Store: whether the caller vouches for the structure of LZ4 blocks, because an encoder has just made them of
    /// whole pages or they were decoded since. Then the server does not walk them, which is a sixth of its work for a
    /// page; and a block that is malformed all the same is found only when the page is loaded. Default: it walks them.
    /// </summary>
    public bool AreBlocksVouched { get; set; }

    /// <summary>Given: the slot of each page.</summary>
    public Span<ulong> Slots => _slots.AsSpan(0, Count);

    /// <summary>
    /// Bytes of each zpage, 1 to 4,096. Store: given. Load: found; 0 where the page was not loaded.
    /// </summary>
    public Span<int> Sizes => _sizes.AsSpan(0, Count);

    /// <summary>How each zpage is encoded. Store: given. Load: found; None where the page was not loaded.</summary>
    public Span<ZpageEncoding> Encodings => _encodings.AsSpan(0, Count);

    /// <summary>
    /// CRC-32 (as in zlib) of the 4,096 decoded bytes of each page; the library binds it to area, slot and generation
    /// and takes the binding off again. Store: given; it is not checked, but whoever loads the page does. Load: found,
    /// 0 where the page was not loaded; a page of another identity shows only when it is decoded and compared.
    /// </summary>
    public Span<uint> PageCrcs => _pageCrcs.AsSpan(0, Count);

    /// <summary>
    /// The generation of each page. Store: found, given out by the library when the call starts. Load: found, 0 where
    /// the page was not loaded.
    /// </summary>
    public Span<ulong> Generations => _generations.AsSpan(0, Count);

    /// <summary>Found by a store: what became of each page.</summary>
    public Span<StoreOutcome> StoreOutcomes => _storeOutcomes.AsSpan(0, Count);

    /// <summary>Found by a load: what became of each page.</summary>
    public Span<LoadOutcome> LoadOutcomes => _loadOutcomes.AsSpan(0, Count);

    /// <summary>The slots, for a call that outlives a span.</summary>
    internal ReadOnlyMemory<ulong> SlotColumn => _slots.AsMemory(0, Count);

    /// <summary>The outcomes of a store, for a call that outlives a span.</summary>
    internal Memory<StoreOutcome> StoreOutcomeColumn => _storeOutcomes.AsMemory(0, Count);

    /// <summary>Throws unless the batch can be stored.</summary>
    /// <returns>Bytes of all zpages.</returns>
    /// <exception cref="ArgumentException">A size, an encoding or the memory is wrong; named with its
    /// value.</exception>
    internal int RequireStorable()
    {
        int bytes = 0;
        for (int page = 0; page < Count; page++)
        {
            if (_sizes[page] is < 1 or > PageSize.Bytes)
            {
                throw new ArgumentException($"Sizes[{page}] is {_sizes[page]}; it must be 1 to {PageSize.Bytes}.");
            }

            if (_encodings[page] is not (ZpageEncoding.Lz4 or ZpageEncoding.Raw or ZpageEncoding.Fill))
            {
                throw new ArgumentException($"Encodings[{page}] is {_encodings[page]}; no page is encoded so.");
            }

            bytes += _sizes[page];
        }

        return Zpages.Length >= bytes
            ? bytes
            : throw new ArgumentException($"Zpages has {Zpages.Length} bytes; Sizes add up to {bytes}.");
    }

    /// <summary>Throws unless there is room for what may be loaded.</summary>
    /// <exception cref="ArgumentException">There is not.</exception>
    internal void RequireRoom()
    {
        int bytes = Count * PageSize.Bytes;
        if (Zpages.Length < bytes)
        {
            throw new ArgumentException(
                $"Zpages has {Zpages.Length} bytes; room for {Count} page(s) takes {bytes}.");
        }
    }
}
