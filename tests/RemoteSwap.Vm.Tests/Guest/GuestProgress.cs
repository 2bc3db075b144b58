namespace RemoteSwap.Vm.Tests.Guest;

/// <summary>How far the guest is: an eighth of a round done, and the pages swapped so far.</summary>
internal sealed record GuestProgress
{
    public required int Round { get; init; }

    public required int Eighth { get; init; }

    public required long PagesOut { get; init; }

    public required long PagesIn { get; init; }

    /// <summary>Tells whether a place in the run has been reached.</summary>
    public bool Reaches(int round, int eighth) => (Round, Eighth).CompareTo((round, eighth)) >= 0;
}
