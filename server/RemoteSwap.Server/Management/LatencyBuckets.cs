using System.Numerics;

namespace RemoteSwap.Server.Management;

/// <summary>
/// Counts times in buckets whose bounds lie an eighth of a power of two apart, so that a percentile read from them is
/// right to 12.5 %: 1 ns to 34 s. What takes longer is counted with the longest.
/// <para>Thread-safe: threads count in stripes of their own, mostly.</para>
/// </summary>
internal sealed class LatencyBuckets
{
    private const int SubShift = 3;
    private const int Subs = 1 << SubShift;
    private const int Powers = 35;
    private const int Stripes = 4;
    private const double NanosecondsPerSecond = 1e9;

    private readonly long[][] _calls = [.. Enumerable.Range(0, Stripes).Select(_ => new long[Powers * Subs])];

    /// <summary>Counts a call.</summary>
    public void Add(double seconds) => Interlocked.Increment(
        ref _calls[Environment.CurrentManagedThreadId % Stripes][BucketOf((long)(seconds * NanosecondsPerSecond))]);

    /// <summary>Pairs of upper bound in nanoseconds and calls, in order; buckets without calls are left out.</summary>
    public List<long[]> Read()
    {
        List<long[]> buckets = [];
        for (int bucket = 0; bucket < Powers * Subs; bucket++)
        {
            long calls = 0;
            foreach (long[] stripe in _calls)
            {
                calls += Volatile.Read(ref stripe[bucket]);
            }

            if (calls > 0)
            {
                buckets.Add([UpperBound(bucket), calls]);
            }
        }

        return buckets;
    }

    private static int BucketOf(long nanoseconds)
    {
        ulong value = (ulong)Math.Max(Subs, nanoseconds);
        int power = BitOperations.Log2(value);
        int sub = (int)(value >> (power - SubShift)) & (Subs - 1);
        return Math.Min((power * Subs) + sub, (Powers * Subs) - 1);
    }

    private static long UpperBound(int bucket) => (Subs + (bucket % Subs) + 1L) << ((bucket / Subs) - SubShift);
}
