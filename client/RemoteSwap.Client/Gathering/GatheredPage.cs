using RemoteSwap.Client.Requests;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Gathering;

/// <summary>One page of a gathered batch, on its way into it.</summary>
internal readonly ref struct GatheredPage
{
    /// <summary>The call that waits for it.</summary>
    public required PendingCall Call { get; init; }

    /// <summary>The slot.</summary>
    public required ulong Slot { get; init; }

    /// <summary>The generation of a store or an invalidation.</summary>
    public ulong Generation { get; init; }

    /// <summary>The zpage of a store; copied.</summary>
    public ReadOnlySpan<byte> Zpage { get; init; }

    /// <summary>How the zpage is encoded.</summary>
    public ZpageEncoding Encoding { get; init; }

    /// <summary>The checksum of the zpage.</summary>
    public uint ZpageChecksum { get; init; }

    /// <summary>The checksum of the page.</summary>
    public uint PageChecksum { get; init; }
}
