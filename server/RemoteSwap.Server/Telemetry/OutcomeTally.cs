using System.Numerics;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// What became of the pages of one call, counted by outcome. On the stack: a call makes no garbage for it.
/// </summary>
/// <param name="counts">Room for a count for each outcome, zeroes; empty: the call was refused.</param>
internal ref struct OutcomeTally(Span<long> counts)
{
    /// <summary>Numbers of outcomes, at most, of an operation.</summary>
    public const int MaxOutcomes = 16;

    private readonly Span<long> _counts = counts;

    // Bit k: outcome k was seen.
    private uint _seen;

    /// <summary>Of a call that was refused as a whole.</summary>
    public static OutcomeTally OfRefused => default;

    /// <summary>Whether pages have different outcomes.</summary>
    public readonly bool IsMixed => BitOperations.PopCount(_seen) > 1;

    /// <summary>
    /// The outcome of all pages, where they have the same; of a refused call <see cref="OutcomeNames.Refused"/>.
    /// </summary>
    public readonly int Only => _seen == 0 ? OutcomeNames.Refused : BitOperations.Log2(_seen);

    /// <summary>Pages by outcome.</summary>
    public readonly ReadOnlySpan<long> Counts => _counts;

    /// <summary>Adds pages by their outcomes.</summary>
    public void Add(ReadOnlySpan<byte> outcomes)
    {
        if (outcomes.IsEmpty)
        {
            return;
        }

        // Nearly always all are the same.
        byte first = outcomes[0];
        int same = outcomes.IndexOfAnyExcept(first);
        Add(first, same < 0 ? outcomes.Length : same);
        foreach (byte outcome in same < 0 ? default : outcomes[same..])
        {
            Add(outcome, 1);
        }
    }

    /// <summary>Adds so many pages of one outcome; 0: only that it was the call's.</summary>
    public void Add(byte outcome, long pages)
    {
        _seen |= 1U << outcome;
        _counts[outcome] += pages;
    }
}
