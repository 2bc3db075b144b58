namespace RemoteSwap.Pool.Tests.Golden;

/// <summary>
/// Replays traces of Linux 3.12.9's zbud on the pool and finds the first difference: return code, frame by creation,
/// byte offset, eviction calls and frame count of each operation. It knows no test framework, so that it also runs
/// inside a mutant's build.
/// </summary>
internal static class GoldenReplay
{
    /// <summary>The trace that is shipped with the tests.</summary>
    public static string ShippedTrace => Path.Combine(AppContext.BaseDirectory, "Golden", "zbud-golden.txt");

    /// <summary>Replays the shipped trace.</summary>
    /// <param name="audit">Whether to audit the pool after every operation; without it only the trace speaks.</param>
    /// <exception cref="ReplayDifferenceException">It did not replay.</exception>
    public static void CheckShipped(bool audit)
    {
        if (FindDifference(ShippedTrace, audit, out _) is { } difference)
        {
            throw new ReplayDifferenceException(difference.ToString());
        }
    }

    /// <summary>Replays a file; each line that begins with <c>##</c> begins a new pool.</summary>
    /// <param name="path">The file.</param>
    /// <param name="audit">Whether to audit the pool after every operation.</param>
    /// <param name="operations">Operations that agreed.</param>
    /// <returns>The first difference, or null.</returns>
    public static ReplayDifference? FindDifference(string path, bool audit, out int operations)
    {
        operations = 0;
        ReplayedPool replayed = new();
        try
        {
            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                number++;
                string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (words.Length == 0)
                {
                    continue;
                }

                if (words[0].StartsWith('#'))
                {
                    if (words[0].StartsWith("##", StringComparison.Ordinal))
                    {
                        replayed.Dispose();
                        replayed = new ReplayedPool();
                    }

                    continue;
                }

                string expected = string.Join(' ', words);
                string got = Apply(replayed, words, audit);
                if (!string.Equals(expected, got, StringComparison.Ordinal))
                {
                    return new ReplayDifference(Path.GetFileName(path), number, expected, got);
                }

                operations++;
            }

            return null;
        }
        finally
        {
            replayed.Dispose();
        }
    }

    private static string Apply(ReplayedPool replayed, string[] words, bool audit)
    {
        string got = replayed.Apply(words) ?? "no such operation";
        if (!audit)
        {
            return got;
        }

        List<string> violations = [];
        lock (replayed.Pool.Gate)
        {
            PoolAudit.Run(replayed.Pool, violations);
        }

        return violations.Count == 0 ? got : $"{got}; {string.Join("; ", violations)}";
    }
}
