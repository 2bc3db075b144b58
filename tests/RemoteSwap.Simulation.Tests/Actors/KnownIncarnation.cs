namespace RemoteSwap.Simulation.Actors;

/// <summary>
/// What the owners of an area tell each other when it changes hands: the incarnation that has its pages.
/// </summary>
internal sealed class KnownIncarnation
{
    public ulong Incarnation { get; set; }
}
