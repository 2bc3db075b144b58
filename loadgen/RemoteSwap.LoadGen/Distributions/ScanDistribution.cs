namespace RemoteSwap.LoadGen.Distributions;

/// <summary>
/// A sequential scan over all slots, with every second access in a hot set at their start: what a backup or a garbage
/// collection does to a working set.
/// </summary>
internal sealed class ScanDistribution : ISlotDistribution
{
    private readonly SequentialDistribution _scan;
    private readonly SeededRandom _random;
    private readonly int _hotSlots;
    private bool _hotNext;

    /// <summary>Creates one.</summary>
    /// <param name="slots">Slots, at least 1.</param>
    /// <param name="hotPercent">Share of them that is hot, 1 to 99; at least one slot is.</param>
    /// <param name="random">Chooses within the hot set.</param>
    public ScanDistribution(int slots, int hotPercent, SeededRandom random)
    {
        _scan = new SequentialDistribution(slots);
        _random = random;
        _hotSlots = (int)Math.Max(1, (long)slots * hotPercent / 100);
    }

    /// <inheritdoc/>
    public int Next()
    {
        _hotNext = !_hotNext;
        return _hotNext ? _random.Next(_hotSlots) : _scan.Next();
    }
}
