namespace RemoteSwap.Client.Messages;

/// <summary>The columns of a store while its zpages are laid down; they are written after the zpages.</summary>
/// <param name="capacity">The most pages.</param>
internal sealed class StoreColumns(int capacity)
{
    [ThreadStatic]
    private static StoreColumns? t_own;

    /// <summary>The thread's own, for a message that is built in one go.</summary>
    public static StoreColumns Own => t_own ??= new StoreColumns(WireLimits.MaxBatchPages);

    /// <summary>The slot of each page; only where pages come one by one.</summary>
    public ulong[] Slots { get; } = new ulong[capacity];

    /// <summary>The generation of each page.</summary>
    public ulong[] Generations { get; } = new ulong[capacity];

    /// <summary>Bytes of each zpage.</summary>
    public uint[] Sizes { get; } = new uint[capacity];

    /// <summary>How each zpage is encoded: the number on the wire.</summary>
    public byte[] Encodings { get; } = new byte[capacity];

    /// <summary>The checksum of each zpage.</summary>
    public uint[] ZpageChecksums { get; } = new uint[capacity];

    /// <summary>The checksum of each page.</summary>
    public uint[] PageChecksums { get; } = new uint[capacity];

    /// <summary>Sets what is known of a page but its slot.</summary>
    public void Set(int page, ulong generation, in ZpageIdentity identity)
    {
        Generations[page] = generation;
        Sizes[page] = (uint)identity.Size;
        Encodings[page] = (byte)OutcomeTable.Of(identity.Encoding);
        ZpageChecksums[page] = identity.ZpageChecksum;
        PageChecksums[page] = identity.PageChecksum;
    }
}
