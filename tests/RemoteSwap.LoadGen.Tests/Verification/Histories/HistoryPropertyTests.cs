using CsCheck;
using RemoteSwap.LoadGen.Verification.Histories;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Verification.Histories;

/// <summary>The history against one that tries all orders, on tiny histories.</summary>
public sealed class HistoryPropertyTests
{
    private const int Most = 6;

    private static readonly Gen<TinyOperation[]> s_histories =
        from count in Gen.Int[2, Most]
        from times in Gen.Shuffle(Enumerable.Range(0, 2 * count).ToArray())
        from kinds in Gen.Int[0, 9].Array[count]
        from contents in Gen.Int[0, count].Array[count]
        select Enumerable.Range(0, count).Select(i => new TinyOperation(
            IsRead: kinds[i] < 5,
            Content: kinds[i] < 5 ? (ulong)contents[i] : kinds[i] == 5 ? 0 : (ulong)i + 1,
            IsUnknown: kinds[i] >= 8,
            Begin: Math.Min(times[2 * i], times[(2 * i) + 1]),
            End: Math.Max(times[2 * i], times[(2 * i) + 1]))).ToArray();

    [Fact]
    public void What_has_a_legal_order_is_never_reported() => s_histories.Sample(
        history => !BruteForceJudge.IsLegal(history) || Accepts(history), iter: 200_000);

    // It is no solver: of histories whose calls overlap it may let one pass. One call after the other it is exact.
    [Fact]
    public void One_call_after_the_other_it_is_exact() => s_histories.Sample(
        history =>
        {
            TinyOperation[] sequential =
            [
                .. history.Select((operation, i) => operation with { Begin = 2 * i, End = (2 * i) + 1 }),
            ];
            return Accepts(sequential) == BruteForceJudge.IsLegal(sequential);
        },
        iter: 100_000);

    [Fact]
    public void Of_the_illegal_histories_nearly_all_are_reported()
    {
        int illegal = 0;
        int reported = 0;
        s_histories.Sample(
            history =>
            {
                if (!BruteForceJudge.IsLegal(history))
                {
                    Interlocked.Increment(ref illegal);
                    Interlocked.Add(ref reported, Accepts(history) ? 0 : 1);
                }
            },
            iter: 100_000);

        Assert.InRange(illegal, 10_000, 100_000);
        Assert.InRange((double)reported / illegal, 0.97, 1);
    }

    private static bool Accepts(IReadOnlyList<TinyOperation> history)
    {
        HistoryScript script = new();
        Dictionary<TinyOperation, object> open = [];
        bool isClean = true;
        foreach ((TinyOperation operation, bool begins) in history
            .SelectMany(o => new[] { (o.Begin, o, true), (o.End, o, false) })
            .OrderBy(step => step.Item1).Select(step => (step.o, step.Item3)))
        {
            if (begins)
            {
                open[operation] = operation.IsRead ? script.Read()
                    : operation.Content == 0 ? script.Invalidate() : script.Store(operation.Content);
            }
            else if (open[operation] is SlotRead read)
            {
                SlotAnswer answer = operation.Content == 0 ? SlotAnswer.Empty : SlotAnswer.Page;
                isClean &= script.End(read, answer, operation.Content) is null;
            }
            else
            {
                WriteEffect effect = operation.IsUnknown ? WriteEffect.Unknown : WriteEffect.Done;
                isClean &= script.End((SlotOperation)open[operation], effect) is null;
            }
        }

        return isClean;
    }
}
