using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;

namespace RemoteSwap.Client;

/// <summary>
/// Waits for a full server to make room, where it says that it does: a page that was refused is sent again, as a newer
/// one, instead of being given back to a caller who would have to keep it elsewhere.
/// <para>
/// Bounded: at most <see cref="Most"/> waits, each at most <see cref="s_longest"/>, half a second in all. Only for
/// areas with a record: without one nobody knows whether a newer page of the slot is under way.
/// </para>
/// </summary>
internal sealed class RoomWait(AreaName name, TimeProvider time)
{
    /// <summary>The most waits for one page.</summary>
    public const int Most = 10;

    private const int MostDoublings = 10;
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(80);

    /// <summary>Whether a page was refused because the server is full.</summary>
    public static bool IsFull(StoreOutcome outcome) => outcome is StoreOutcome.TenantLimit or StoreOutcome.PoolLimit;

    /// <summary>
    /// Notes what a reply says of it. Only one with a refusal says something: others would hide it from whoever waits.
    /// </summary>
    public static void Note(AreaName name, ReadOnlySpan<StoreOutcome> outcomes, ReplyColumns columns)
    {
        foreach (StoreOutcome outcome in outcomes)
        {
            if (IsFull(outcome))
            {
                name.RetryAfterMilliseconds = columns.RetryAfterMilliseconds;
                return;
            }
        }
    }

    /// <summary>
    /// Whether what a refusal made of its slot is settled only when its sender has done with it: until then the page is
    /// under way, and that its slot is empty meanwhile is nobody's invalidation.
    /// </summary>
    /// <param name="name">The area.</param>
    /// <param name="outcome">What the server said.</param>
    public static bool IsUnderWay(AreaName name, StoreOutcome outcome) =>
        IsFull(outcome) && name.RetryAfterMilliseconds > 0;

    /// <summary>Settles a refusal whose sender has done with it.</summary>
    public static void Settle(PageRecord record, ulong slot, ulong generation, StoreOutcome outcome)
    {
        if (IsFull(outcome))
        {
            record.Settle(slot, generation, checksum: 0, outcome);
        }
    }

    /// <summary>Whether the server makes room, and another wait is allowed.</summary>
    /// <param name="waits">Waits so far.</param>
    public bool IsWorthIt(int waits) => waits < Most && name.Record is not null && name.RetryAfterMilliseconds > 0;

    /// <summary>Waits.</summary>
    /// <param name="waits">Waits so far: each is twice as long as the last.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task WaitAsync(int waits, CancellationToken ct)
    {
        int doubled = 1 << Math.Min(waits, MostDoublings);
        TimeSpan wished = TimeSpan.FromMilliseconds(name.RetryAfterMilliseconds) * doubled;
        return Task.Delay(wished < s_longest ? wished : s_longest, time, ct);
    }
}
