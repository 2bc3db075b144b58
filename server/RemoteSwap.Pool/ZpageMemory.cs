namespace RemoteSwap.Pool;

/// <summary>Where a zpage's bytes and its owner record lie. Valid while the pool's lock is held.</summary>
public readonly ref struct ZpageMemory
{
    /// <summary>The zpage's chunks, of which the caller knows the exact length (KERNEL R15).</summary>
    public required Span<byte> Bytes { get; init; }

    /// <summary>The 26 bytes in which the owner says what the zpage is.</summary>
    public required Span<byte> OwnerRecord { get; init; }

    /// <summary>Of a headless frame the 26 bytes that its header has to spare; else empty.</summary>
    public required Span<byte> Spare { get; init; }
}
