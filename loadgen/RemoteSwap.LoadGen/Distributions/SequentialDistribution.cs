namespace RemoteSwap.LoadGen.Distributions;

/// <summary>From the first slot to the last, again and again.</summary>
internal sealed class SequentialDistribution(int slots) : ISlotDistribution
{
    private int _next;

    /// <inheritdoc/>
    public int Next()
    {
        int slot = _next;
        _next = slot + 1 == slots ? 0 : slot + 1;
        return slot;
    }
}
