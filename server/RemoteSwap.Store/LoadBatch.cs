using RemoteSwap.Codec;

namespace RemoteSwap.Store;

/// <summary>
/// Slots of one Load and what was found, in columns. Made once and used again: its columns hold
/// <see cref="StoreBatch.MaxPages"/>. One user at a time.
/// </summary>
public sealed class LoadBatch
{
    /// <summary>The area.</summary>
    public AreaId Area { get; set; }

    /// <summary>How many slots.</summary>
    public int Count { get; set; }

    /// <summary>Hand the pages over.</summary>
    public bool Exclusive { get; set; }

    /// <summary>Column: slots.</summary>
    public ulong[] Slots { get; } = new ulong[StoreBatch.MaxPages];

    /// <summary>Column: what became of the slots.</summary>
    public LoadOutcome[] Outcomes { get; } = new LoadOutcome[StoreBatch.MaxPages];

    /// <summary>Column: what was found, where the outcome is Loaded.</summary>
    public LoadedPage[] Pages { get; } = new LoadedPage[StoreBatch.MaxPages];

    /// <summary>All zpages back to back, in the order of the slots.</summary>
    public ReadOnlyMemory<byte> Zpages => Buffer.AsMemory(0, ZpageBytes);

    /// <summary>Bytes of all zpages.</summary>
    public int ZpageBytes { get; internal set; }

    internal byte[] Buffer { get; private set; } = new byte[PageSize.Bytes];

    internal SwapEntry[] Spilled { get; } = new SwapEntry[StoreBatch.MaxPages];

    internal void Reset()
    {
        ZpageBytes = 0;
        if (Buffer.Length < Count * PageSize.Bytes)
        {
            Buffer = new byte[Count * PageSize.Bytes];
        }

        Array.Clear(Spilled, 0, Count);
        Array.Clear(Pages, 0, Count);
    }
}
