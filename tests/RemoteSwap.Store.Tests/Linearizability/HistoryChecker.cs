namespace RemoteSwap.Store.Tests.Linearizability;

/// <summary>
/// Decides whether a history of one slot is linearisable: whether its operations can be put into one order that
/// respects real time (what returned before another was called comes before it) and in which every Load finds what the
/// operation before it left. Search over orders with memory of dead ends (Wing and Gong, 1993; Lowe's memo).
/// </summary>
internal static class HistoryChecker
{
    /// <summary>The longest history: operations done are a bit set.</summary>
    public const int MaxOperations = 64;

    public static bool IsLinearizable(IReadOnlyList<Operation> history)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(history.Count, MaxOperations);
        return Search(history, 0, 0, []);
    }

    private static bool Search(
        IReadOnlyList<Operation> history, ulong done, int value, HashSet<(ulong Done, int Value)> deadEnds)
    {
        if (ulong.PopCount(done) == (ulong)history.Count)
        {
            return true;
        }

        if (!deadEnds.Add((done, value)))
        {
            return false;
        }

        long firstReturn = long.MaxValue;
        for (int i = 0; i < history.Count; i++)
        {
            firstReturn = (done >> i & 1) == 0 ? Math.Min(firstReturn, history[i].Returned) : firstReturn;
        }

        for (int i = 0; i < history.Count; i++)
        {
            // Only what was called before every pending operation returned can be next.
            if ((done >> i & 1) == 0 && history[i].Called <= firstReturn
                && TryApply(history[i], value, out int next) && Search(history, done | (1UL << i), next, deadEnds))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryApply(Operation operation, int value, out int next)
    {
        next = operation.Kind == OperationKind.Store ? operation.Value
            : operation.Kind == OperationKind.Load ? value
            : 0;
        return operation.Kind != OperationKind.Load || operation.Value == value;
    }
}
