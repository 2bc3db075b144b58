using RemoteSwap.Client.Requests;
using RemoteSwap.Nbd;

namespace RemoteSwap.Device;

/// <summary>
/// Joins both sides: the pages that one message of the page server ends are one burst of replies to the guest. What the
/// device does there never waits: it notes states, leaves the gate and hands the reply to its connection.
/// </summary>
internal sealed class ReplyBursts : ICompletionBurst
{
    /// <summary>The one there is; it has no state.</summary>
    public static ReplyBursts Instance { get; } = new();

    /// <inheritdoc/>
    public void Begin() => ReplyBurst.Begin();

    /// <inheritdoc/>
    public void End() => ReplyBurst.End();
}
