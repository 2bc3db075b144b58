namespace RemoteSwap.Store;

/// <summary>
/// Whose frames go next. Two questions, each with a cursor of its own that is kept for good:
/// <para>
/// A tenant near its own limit gives its own frames, however much others use (KERNEL B15); those tenants take turns.
/// </para>
/// <para>
/// When the server is near its limit, tenants beyond their guarantee give in proportion to excess / weight, by deficit
/// round robin: at its turn a tenant is credited its share, the most pressing one a whole step, and is served while a
/// whole frame of credit is left; the rest is kept for its next turn. So over any length of time each gives its share
/// to within two steps, and nobody waits for more than a turn of the others. Nobody at or below its guarantee is ever
/// chosen.
/// </para>
/// <para>
/// Why excess / weight: whoever holds more of what was promised to nobody gives more of it, and of tenants that press
/// alike each keeps, in the long run, memory beyond its guarantee in proportion to its weight.
/// </para>
/// <para>Used by the shrinker's task only.</para>
/// </summary>
internal sealed class VictimChoice(IReadOnlyList<Victim> victims)
{
    /// <summary>The most frames that are taken from one tenant at a time.</summary>
    public const int StepFrames = FrameWriteback.MaxFrames;

    // Credit that cannot be asked for, because less was needed, is kept up to here.
    private const double MaxCredit = 2 * StepFrames;

    private int _own;
    private int _shared;
    private bool _hasCredit;

    /// <summary>Chooses a tenant that has to give because of its own limit.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryChooseForOwnLimit(out Victim victim, out int frames)
    {
        for (int looked = 0; looked < victims.Count; looked++)
        {
            _own = (_own + 1) % victims.Count;
            victim = victims[_own];
            victim.Look();
            frames = Math.Min(StepFrames, victim.OwnDemand);
            if (frames > 0)
            {
                return true;
            }
        }

        victim = null!;
        frames = 0;
        return false;
    }

    /// <summary>Chooses a tenant that has to give because of the server's limit.</summary>
    /// <param name="needed">Frames that the server needs, at least 1.</param>
    /// <param name="victim">The tenant.</param>
    /// <param name="frames">How many frames, at most a step.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryChooseForServer(int needed, out Victim victim, out int frames)
    {
        double most = victims.Max(victim => victim.Pressure);

        // The most pressing one is credited a whole step, so one turn finds somebody.
        for (int looked = 0; most > 0 && looked <= victims.Count; looked++)
        {
            victim = victims[_shared];
            int excess = victim.Excess;
            if (!_hasCredit)
            {
                double share = StepFrames * victim.Pressure / most;
                victim.Credit = excess == 0 ? 0 : Math.Min(victim.Credit + share, MaxCredit);
                _hasCredit = true;
            }

            frames = Math.Min(Math.Min(StepFrames, needed), Math.Min(excess, (int)victim.Credit));
            if (frames > 0)
            {
                victim.Credit -= frames;
                return true;
            }

            _shared = (_shared + 1) % victims.Count;
            _hasCredit = false;
        }

        victim = null!;
        frames = 0;
        return false;
    }
}
