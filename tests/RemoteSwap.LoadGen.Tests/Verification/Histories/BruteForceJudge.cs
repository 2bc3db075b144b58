namespace RemoteSwap.LoadGen.Tests.Verification.Histories;

/// <summary>
/// Tries every order of a tiny history's operations: legal is what has one that explains every answer. A write whose
/// call failed may be left out, and never comes after one that began when its call had ended.
/// </summary>
internal static class BruteForceJudge
{
    public static bool IsLegal(IReadOnlyList<TinyOperation> history) => Extend(history, placed: 0, left: 0, content: 0);

    // Sets are bits; content 0 is an empty slot.
    private static bool Extend(IReadOnlyList<TinyOperation> history, int placed, int left, ulong content)
    {
        bool isDone = true;
        for (int i = 0; i < history.Count; i++)
        {
            if (((placed | left) & (1 << i)) != 0)
            {
                continue;
            }

            TinyOperation next = history[i];
            isDone &= next.IsUnknown;
            if (TryPlace(history, placed, left, i, out int nowLeft)
                && (!next.IsRead || next.Content == content)
                && Extend(history, placed | (1 << i), nowLeft, next.IsRead ? content : next.Content))
            {
                return true;
            }
        }

        return isDone;
    }

    private static bool TryPlace(IReadOnlyList<TinyOperation> history, int placed, int left, int index, out int nowLeft)
    {
        nowLeft = left;
        for (int i = 0; i < history.Count; i++)
        {
            bool isOpen = i != index && ((placed | left) & (1 << i)) == 0;
            if (!isOpen || history[i].End > history[index].Begin)
            {
                continue;
            }

            if (!history[i].IsUnknown)
            {
                return false;
            }

            if (!history[index].IsRead)
            {
                nowLeft |= 1 << i;
            }
        }

        return true;
    }
}
