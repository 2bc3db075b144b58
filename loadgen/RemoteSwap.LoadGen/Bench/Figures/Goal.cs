namespace RemoteSwap.LoadGen.Bench.Figures;

/// <summary>What a ratio ought to be. It is reported, never asserted: a busy neighbour is no failure.</summary>
/// <param name="Bound">The bound.</param>
/// <param name="AtLeast">Whether the figure must not be below it; else it must not be above it.</param>
internal sealed record Goal(double Bound, bool AtLeast)
{
    /// <summary>The goal in words.</summary>
    public string Text => FormattableString.Invariant($"{(AtLeast ? ">=" : "<=")} {Bound:0.##}");

    /// <summary>Not below a bound.</summary>
    public static Goal Least(double bound) => new(bound, AtLeast: true);

    /// <summary>Not above a bound.</summary>
    public static Goal Most(double bound) => new(bound, AtLeast: false);

    /// <summary>Whether a figure reaches it.</summary>
    public bool IsMetBy(double figure) => AtLeast ? figure >= Bound : figure <= Bound;
}
