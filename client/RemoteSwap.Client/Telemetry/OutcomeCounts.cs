using System.Runtime.CompilerServices;

namespace RemoteSwap.Client.Telemetry;

/// <summary>How many pages of a request came to which outcome. Indexed by the outcome's number.</summary>
[InlineArray(Length)]
internal struct OutcomeCounts
{
    /// <summary>Outcomes that are told apart.</summary>
    public const int Length = 18;

    /// <summary>In the place of an outcome: the page's caller had gone when the reply came.</summary>
    public const int Cancelled = 16;

    /// <summary>In the place of an outcome: the page could not be handed to its caller.</summary>
    public const int Failed = 17;

    private long _first;

    /// <summary>Counts a page.</summary>
    public void Add(long outcome) => this[(int)((ulong)outcome < Length ? outcome : 0)]++;

    /// <summary>The outcome of all pages.</summary>
    /// <param name="ofNone">What it is where there is no page.</param>
    /// <returns>The outcome; -1: there are several.</returns>
    public readonly int Single(int ofNone)
    {
        int single = -1;
        for (int i = 0; i < Length; i++)
        {
            if (this[i] > 0)
            {
                if (single >= 0)
                {
                    return -1;
                }

                single = i;
            }
        }

        return single < 0 ? ofNone : single;
    }
}
