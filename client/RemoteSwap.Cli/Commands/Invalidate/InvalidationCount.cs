using RemoteSwap.Cli.App;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Invalidate;

/// <summary>What an invalidation did. For one thread.</summary>
internal sealed class InvalidationCount
{
    /// <summary>Pages that were there and are gone.</summary>
    public ulong Forgotten { get; private set; }

    /// <summary>Slots that hold a newer page, which stays.</summary>
    public ulong Stale { get; private set; }

    /// <summary>Counts the pages of a run.</summary>
    public void Add(ulong pages) => Forgotten += pages;

    /// <summary>Counts single slots.</summary>
    /// <exception cref="CommandFailedException">The server no longer serves the tenant.</exception>
    public void Add(ulong[] slots, InvalidateOutcome[] outcomes)
    {
        for (int i = 0; i < outcomes.Length; i++)
        {
            switch (outcomes[i])
            {
                case InvalidateOutcome.Invalidated:
                    Forgotten++;
                    break;
                case InvalidateOutcome.Stale:
                    Stale++;
                    break;
                case InvalidateOutcome.Fenced:
                    throw new RemoteSwapException(
                        RemoteSwapError.Fenced, $"slot {slots[i]} can not be forgotten: somebody else owns the area.");
                case InvalidateOutcome.Invariant:
                    throw CommandFailedException.Failed(
                        $"slot {slots[i]} can not be forgotten: the server no longer serves this tenant; its log says "
                        + "why. [invalidate outcome Invariant]");
                default:
                    break;
            }
        }
    }
}
