namespace RemoteSwap.LoadGen.Chaos.Faults;

/// <summary>
/// The faults of a run in their order, from a seed: a deck of all kinds, shuffled, again and again, so that a short run
/// sees each kind too. Kills and pauses stand in it twice.
/// </summary>
/// <param name="random">Chance.</param>
/// <param name="callDeadline">The longest time that a call may take.</param>
/// <param name="onlyKills">Kills only, at any moment, also while the work is just going on again.</param>
internal sealed class FaultSchedule(SeededRandom random, TimeSpan callDeadline, bool onlyKills = false)
{
    /// <summary>
    /// Faults that every run does, also where a slow machine takes all its time for the first: a kill and a pause.
    /// </summary>
    public const int LeastFaults = 2;

    private const double LeastQuietSeconds = 0.2;
    private const double MostQuietSeconds = 1.2;

    // Every second pause and block outlasts the call deadline.
    private const double LeastShare = 0.1;
    private const double MostShare = 1.6;

    private static readonly FaultKind[] s_deck =
        [.. Enum.GetValues<FaultKind>(), FaultKind.Kill, FaultKind.Pause];

    // What a run is for comes first, however short it is.
    private readonly Queue<FaultKind> _kinds = new([FaultKind.Kill, FaultKind.Pause]);

    /// <summary>The next one.</summary>
    public Fault Next()
    {
        if (onlyKills)
        {
            return new Fault(
                FaultKind.Kill,
                TimeSpan.FromSeconds(random.NextUnit() * LeastQuietSeconds),
                TimeSpan.FromSeconds(random.NextUnit() * MostQuietSeconds));
        }

        if (_kinds.Count == 0)
        {
            FaultKind[] deck = [.. s_deck];
            random.Shuffle<FaultKind>(deck);
            foreach (FaultKind kind in deck)
            {
                _kinds.Enqueue(kind);
            }
        }

        FaultKind next = _kinds.Dequeue();
        double quiet = LeastQuietSeconds + (random.NextUnit() * (MostQuietSeconds - LeastQuietSeconds));
        double share = LeastShare + (random.NextUnit() * (MostShare - LeastShare));
        TimeSpan length = next switch
        {
            FaultKind.Kill => TimeSpan.FromSeconds(random.NextUnit() * LeastQuietSeconds),
            FaultKind.Reset or FaultKind.TakeOver => TimeSpan.Zero,
            _ => callDeadline * share,
        };
        return new Fault(next, length, TimeSpan.FromSeconds(quiet));
    }
}
