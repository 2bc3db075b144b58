using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Requests;

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

    /// <summary>What travels beside the zpage.</summary>
    public ZpageIdentity Identity { get; init; }
}
