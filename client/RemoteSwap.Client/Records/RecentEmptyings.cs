namespace RemoteSwap.Client.Records;

/// <summary>
/// Which slots were emptied lately, or were to be, and at which generation. A load that was under way meanwhile may
/// rightly find no page, also where a newer one has been stored since, and nothing else tells that from a loss.
/// <para>
/// Bounded: the newest <see cref="MaxEmptyings"/>. If more than these come while one load is under way, it may take a
/// slot that was emptied and stored again for lost: an error in place of no page, never a page that is not there.
/// </para>
/// <para>Lock: its own; nothing is called inside.</para>
/// </summary>
internal sealed class RecentEmptyings
{
    private const int MaxEmptyings = 4096;

    private readonly Lock _gate = new();
    private readonly (ulong First, ulong Last, ulong Generation)[] _emptyings =
        new (ulong First, ulong Last, ulong Generation)[MaxEmptyings];

    private int _next;
    private int _count;

    /// <summary>A run of slots is about to be emptied, or was.</summary>
    public void Add(ulong first, ulong last, ulong generation)
    {
        lock (_gate)
        {
            _emptyings[_next] = (first, last, generation);
            _next = (_next + 1) % MaxEmptyings;
            _count = Math.Min(_count + 1, MaxEmptyings);
        }
    }

    /// <summary>
    /// Whether a slot was emptied, or was to be, after a page was stored at a generation; if that page was taken
    /// over, at that generation.
    /// </summary>
    public bool HasNewer(ulong slot, ulong stored)
    {
        lock (_gate)
        {
            foreach ((ulong first, ulong last, ulong generation) in _emptyings.AsSpan(0, _count))
            {
                if (first <= slot && slot <= last && generation >= stored)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
