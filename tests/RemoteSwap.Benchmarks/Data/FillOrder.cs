namespace RemoteSwap.Benchmarks.Data;

/// <summary>The numbers from 0, each once, in the order in which something is filled or emptied.</summary>
internal static class FillOrder
{
    /// <summary>In random order.</summary>
    public static int[] Random(int count, int seed)
    {
        int[] numbers = Sequential(count);
        new Random(seed).Shuffle(numbers);
        return numbers;
    }

    /// <summary>In sequence.</summary>
    public static int[] Sequential(int count) => [.. Enumerable.Range(0, count)];
}
