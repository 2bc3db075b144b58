using RemoteSwap.Codec;

namespace RemoteSwap.Store;

/// <summary>One page of a Store, already checked by <see cref="PageCodec.Check"/>.</summary>
public readonly ref struct StorePage
{
    /// <summary>The area.</summary>
    public required AreaId Area { get; init; }

    /// <summary>Who stores it.</summary>
    internal AreaClaim Claim { get; init; }

    /// <summary>Where its time goes, if somebody looks.</summary>
    internal StageClock? Clock { get; init; }

    /// <summary>Whether the tenant has as many pages as it may: this one may only take the place of another.</summary>
    internal bool MayReplaceOnly { get; init; }

    /// <summary>The slot.</summary>
    public required Slot Slot { get; init; }

    /// <summary>The generation, or none.</summary>
    public required Generation Generation { get; init; }

    /// <summary>How the zpage is encoded.</summary>
    public required ZpageEncoding Encoding { get; init; }

    /// <summary>The zpage.</summary>
    public required ReadOnlySpan<byte> Zpage { get; init; }

    /// <summary>CRC-32 of the zpage.</summary>
    public required uint ZpageChecksum { get; init; }

    /// <summary>The page checksum, which the server only keeps.</summary>
    public required uint PageChecksum { get; init; }

    /// <summary>A page that the store knows already, as its owner record says.</summary>
    internal static StorePage Of(in OwnerRecord record, ReadOnlySpan<byte> zpage) => new()
    {
        Area = record.Area,
        Slot = record.Slot,
        Generation = record.Generation,
        Encoding = record.Encoding,
        Zpage = zpage,
        ZpageChecksum = record.ZpageChecksum,
        PageChecksum = record.PageChecksum,
    };
}
