using System.Numerics;

namespace RemoteSwap.Pool;

/// <summary>
/// Hands out numbers, always the lowest free one, so that what is in use gathers at the low end and whole blocks at the
/// high end fall empty and can be given back.
/// <para>
/// A tree of 64-bit words: at level 0 a set bit is a free number; at level n a set bit says that word of level n - 1
/// has a free number below it. Taking and giving touch one word a level: four levels for 16 million numbers.
/// </para>
/// <para>Not thread-safe: the owner locks.</para>
/// </summary>
public sealed class FirstFitMap
{
    private const int WordShift = 6;
    private const int WordMask = 63;

    private readonly int _maxCapacity;
    private ulong[][] _levels;

    /// <summary>Creates a map with all numbers free.</summary>
    /// <param name="initialCapacity">How many numbers to prepare.</param>
    /// <param name="maxCapacity">How many numbers there may ever be; the map grows by doubling.</param>
    public FirstFitMap(int initialCapacity, int maxCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(initialCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCapacity, initialCapacity);
        _maxCapacity = maxCapacity;
        Capacity = initialCapacity;
        _levels = BuildLevels(initialCapacity);
        SetAll(0, initialCapacity);
    }

    /// <summary>How many numbers are prepared.</summary>
    public int Capacity { get; private set; }

    /// <summary>Takes the lowest free number.</summary>
    public bool TryTake(out int number)
    {
        if (!TryFind(out number))
        {
            return false;
        }

        Clear(number);
        return true;
    }

    /// <summary>Finds the lowest free number and leaves it free.</summary>
    public bool TryFind(out int number)
    {
        ulong[] top = _levels[^1];
        if (top[0] == 0 && !TryGrow())
        {
            number = -1;
            return false;
        }

        int index = 0;
        for (int level = _levels.Length - 1; level >= 0; level--)
        {
            index = (index << WordShift) | BitOperations.TrailingZeroCount(_levels[level][index]);
        }

        number = index;
        return true;
    }

    /// <summary>Takes a number.</summary>
    /// <exception cref="InvariantViolationException">It was not free.</exception>
    public void Take(int number)
    {
        Invariant.That(IsFree(number), "a number is taken once", (ulong)number);
        Clear(number);
    }

    /// <summary>Gives a number back.</summary>
    /// <exception cref="InvariantViolationException">It was free already.</exception>
    public void Give(int number)
    {
        Invariant.That(!IsFree(number), "a number is given back once", (ulong)number);
        Set(number);
    }

    /// <summary>Tells whether a number is free.</summary>
    public bool IsFree(int number) => (_levels[0][number >> WordShift] >> (number & WordMask) & 1) != 0;

    /// <summary>Prepares a number, and all below it.</summary>
    /// <param name="number">The number, below the most that there may be.</param>
    public void Prepare(int number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, _maxCapacity);
        while (number >= Capacity)
        {
            TryGrow();
        }
    }

    private bool TryGrow()
    {
        int larger = (int)Math.Min(_maxCapacity, (long)Capacity * 2);
        if (larger == Capacity)
        {
            return false;
        }

        // What is free stays free; when a number is looked for, that is none, and only the new ones have to be set.
        int old = Capacity;
        ulong[] before = _levels[0];
        _levels = BuildLevels(larger);
        before.CopyTo(_levels[0], 0);
        Capacity = larger;
        SetAll(old, larger);
        return true;
    }

    // Word by word: a large map grows under a lock that others wait for.
    private void SetAll(int from, int to)
    {
        ulong[] bits = _levels[0];
        for (int number = from; number < to;)
        {
            int first = number & WordMask;
            int count = Math.Min(WordMask + 1 - first, to - number);
            bits[number >> WordShift] |= ulong.MaxValue >> (WordMask + 1 - count) << first;
            number += count;
        }

        for (int level = 1; level < _levels.Length; level++)
        {
            ulong[] below = _levels[level - 1];
            for (int word = 0; word < below.Length; word++)
            {
                if (below[word] != 0)
                {
                    _levels[level][word >> WordShift] |= 1UL << (word & WordMask);
                }
            }
        }
    }

    private void Set(int number)
    {
        int index = number;
        foreach (ulong[] level in _levels)
        {
            ref ulong word = ref level[index >> WordShift];
            ulong before = word;
            word |= 1UL << (index & WordMask);
            if (before != 0)
            {
                return;
            }

            index >>= WordShift;
        }
    }

    private void Clear(int number)
    {
        int index = number;
        foreach (ulong[] level in _levels)
        {
            ref ulong word = ref level[index >> WordShift];
            word &= ~(1UL << (index & WordMask));
            if (word != 0)
            {
                return;
            }

            index >>= WordShift;
        }
    }

    private static ulong[][] BuildLevels(int capacity)
    {
        List<ulong[]> levels = [];
        int words = capacity;
        do
        {
            words = (words + WordMask) >> WordShift;
            levels.Add(new ulong[words]);
        }
        while (words > 1);
        return [.. levels];
    }
}
