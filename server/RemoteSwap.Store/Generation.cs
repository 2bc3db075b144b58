namespace RemoteSwap.Store;

/// <summary>The client's order of operations on one slot (KERNEL R13).</summary>
/// <param name="Value">1 to <see cref="MaxValue"/>; 0: the client gives none.</param>
public readonly record struct Generation(ulong Value)
{
    /// <summary>The largest generation: 56 bits, enough for a store each microsecond for 2,284 years.</summary>
    public const ulong MaxValue = (1UL << 56) - 1;

    /// <summary>No generation given.</summary>
    public static readonly Generation None;

    /// <summary>Whether none was given.</summary>
    public bool IsNone => Value == 0;

    /// <summary>Whether this comes before another.</summary>
    public bool IsOlderThan(Generation other) => Value < other.Value;

    /// <summary>Whether this comes after another.</summary>
    public bool IsNewerThan(Generation other) => Value > other.Value;

    /// <summary>The next one.</summary>
    /// <exception cref="OverflowException">There is none.</exception>
    public Generation Next() => Value < MaxValue
        ? new Generation(Value + 1)
        : throw new OverflowException("generation overflow");
}
