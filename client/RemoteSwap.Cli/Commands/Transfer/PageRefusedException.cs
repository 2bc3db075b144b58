using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>A page of a put was refused; ends the put. Within the command only: the user gets words instead.</summary>
internal sealed class PageRefusedException : Exception
{
    /// <summary>Creates one.</summary>
    /// <param name="slot">The slot, which is empty now.</param>
    /// <param name="outcome">Why.</param>
    public PageRefusedException(ulong slot, StoreOutcome outcome)
        : base($"slot {slot}: {outcome}")
    {
        Slot = slot;
        Outcome = outcome;
    }

    /// <summary>The slot, which is empty now.</summary>
    public ulong Slot { get; }

    /// <summary>Why.</summary>
    public StoreOutcome Outcome { get; }
}
