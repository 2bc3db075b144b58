namespace RemoteSwap.LoadGen.Distributions;

/// <summary>
/// A few slots much more often than the rest: the slot of rank k has weight 1 / k^0.99, as in YCSB. Which slot has
/// which rank is shuffled, so that neighbours are not hot together. Drawn by Gray et al., "Quickly generating
/// billion-record synthetic databases" (SIGMOD 1994): constant time, the zeta sum once.
/// </summary>
internal sealed class ZipfDistribution : ISlotDistribution
{
    /// <summary>The exponent.</summary>
    public const double Exponent = 0.99;

    private readonly int[] _slotOfRank;
    private readonly SeededRandom _random;
    private readonly double _zeta;
    private readonly double _alpha;
    private readonly double _eta;

    /// <summary>Creates one.</summary>
    /// <param name="slots">Slots, at least 1.</param>
    /// <param name="random">Shuffles and draws.</param>
    public ZipfDistribution(int slots, SeededRandom random)
    {
        _random = random;
        _slotOfRank = new int[slots];
        for (int i = 0; i < slots; i++)
        {
            _slotOfRank[i] = i;
            _zeta += Weight(i + 1);
        }

        random.Shuffle<int>(_slotOfRank);
        _alpha = 1 / (1 - Exponent);
        double zetaOfTwo = Weight(1) + Weight(2);
        _eta = (1 - Math.Pow(2.0 / slots, 1 - Exponent)) / (1 - (zetaOfTwo / _zeta));
    }

    /// <summary>Share of accesses that the slot of a rank should get.</summary>
    /// <param name="rank">From 1, the hottest.</param>
    public double ShareOfRank(int rank) => Weight(rank) / _zeta;

    /// <summary>The slot of a rank.</summary>
    /// <param name="rank">From 1, the hottest.</param>
    public int SlotOfRank(int rank) => _slotOfRank[rank - 1];

    /// <inheritdoc/>
    public int Next()
    {
        double u = _random.NextUnit();
        double scaled = u * _zeta;
        int rank = scaled switch
        {
            < 1 => 0,
            _ when scaled < 1 + Weight(2) => 1,
            _ => (int)(_slotOfRank.Length * Math.Pow((_eta * u) - _eta + 1, _alpha)),
        };
        return _slotOfRank[Math.Min(rank, _slotOfRank.Length - 1)];
    }

    private static double Weight(int rank) => Math.Pow(rank, -Exponent);
}
