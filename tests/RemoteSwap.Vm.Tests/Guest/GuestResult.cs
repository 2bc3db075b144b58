namespace RemoteSwap.Vm.Tests.Guest;

/// <summary>What the guest found out; the swapper prints it as JSON.</summary>
internal sealed record GuestResult
{
    public required long Pages { get; init; }

    /// <summary>Comparisons of a page, all rounds together.</summary>
    public required long Checked { get; init; }

    public required long Mismatches { get; init; }

    /// <summary>Pages swapped out, as the guest's kernel counts them.</summary>
    public required long PagesOut { get; init; }

    /// <summary>Pages swapped in, as the guest's kernel counts them.</summary>
    public required long PagesIn { get; init; }

    /// <summary>Major faults of the rounds in random order; the times are theirs.</summary>
    public required long MajorFaults { get; init; }

    public required double FaultP50Us { get; init; }

    public required double FaultP99Us { get; init; }

    public required double FaultMaxUs { get; init; }

    public required double Seconds { get; init; }
}
