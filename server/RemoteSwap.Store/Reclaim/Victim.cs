namespace RemoteSwap.Store;

/// <summary>A tenant as the shrinker sees it. Used by the shrinker's task only.</summary>
internal sealed class Victim(Tenant tenant)
{
    public Tenant Tenant => tenant;

    /// <summary>Frames that the shrinker is taking from it right now.</summary>
    public int InFlight { get; set; }

    /// <summary>Frames that are its turn to give and were not asked for yet; kept from turn to turn.</summary>
    public double Credit { get; set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; set; }

    /// <summary>Whether it has nothing to give, for the rest of this round.</summary>
    public bool IsSpent { get; set; }

    /// <summary>Frames that its own limit wants back.</summary>
    public int OwnDemand => CanGive && (IsWorkedDown || tenant.Budget.NeedsShrinking)
        ? Frames(tenant.Budget.UsedFrames - InFlight - tenant.Budget.Gate.StopFrames)
        : 0;

    /// <summary>
    /// Frames that the server may take: beyond the guarantee, less what is being taken already and what may go with it.
    /// </summary>
    public int Excess => CanGive
        ? Frames(
            tenant.Budget.UsedFrames - InFlight - tenant.Budget.GuaranteedFrames - FrameBudget.MaxSideFrames)
        : 0;

    /// <summary>Its share of what the server takes, beside those of others: excess for each unit of weight.</summary>
    public double Pressure => (double)Excess / tenant.Weight;

    /// <summary>Whether its own limit was near in this round: then it is worked down to where the shrinker
    /// rests.</summary>
    public bool IsWorkedDown { get; private set; }

    private bool CanGive => !IsSpent && tenant.Poison is null;

    /// <summary>A round begins.</summary>
    public void BeginRound()
    {
        Failures = 0;
        IsSpent = false;
        IsWorkedDown = false;
    }

    /// <summary>Looks whether the tenant has come near its limit.</summary>
    public void Look() => IsWorkedDown |= tenant.Budget.NeedsShrinking;

    private static int Frames(long frames) => (int)Math.Clamp(frames, 0, int.MaxValue);
}
