namespace RemoteSwap.Store;

/// <summary>The greatest of all that was ever seen, in a word that many write to. Thread-safe; no lock.</summary>
internal static class AtomicMost
{
    /// <summary>Notes a value.</summary>
    /// <param name="most">The greatest so far.</param>
    /// <param name="value">The value.</param>
    public static void Note(ref ulong most, ulong value)
    {
        ulong seen = Volatile.Read(ref most);
        while (value > seen)
        {
            ulong before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
