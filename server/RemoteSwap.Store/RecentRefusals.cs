namespace RemoteSwap.Store;

/// <summary>
/// What was refused lately, by tenant and cause, for a person who wants to know why. Refusals of one kind with less
/// than <see cref="Pause"/> between them are one line, and of lines the last <see cref="MaxLines"/> are kept: a storm
/// of refusals costs neither memory nor the sight of what came before it.
/// <para>
/// What it is not: an account; counters are. Costs nothing while all pages are taken. A page that came too late (STALE)
/// was not refused, and one that went with its batch is not counted apart.
/// </para>
/// <para>Locks: <c>_gate</c>, a leaf lock, taken once for a call that had pages refused.</para>
/// </summary>
/// <param name="time">The clock.</param>
public sealed class RecentRefusals(TimeProvider time)
{
    /// <summary>The most lines that are kept.</summary>
    public const int MaxLines = 128;

    private const int Outcomes = (int)StoreOutcome.PageQuota + 1;

    /// <summary>After so long without a refusal of its kind the next one begins a new line.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly RefusedPages[] _lines = new RefusedPages[MaxLines];
    private long _count;

    /// <summary>The lines that are kept, those that were added to last first.</summary>
    public IReadOnlyList<RefusedPages> Latest()
    {
        lock (_gate)
        {
            int kept = (int)Math.Min(_count, MaxLines);
            return
            [
                .. Enumerable.Range(1, kept).Select(back => _lines[(_count - back) % MaxLines])
                    .OrderByDescending(line => line.Last),
            ];
        }
    }

    /// <summary>Notes the outcomes of a batch that was not taken whole.</summary>
    internal void Note(string tenant, ReadOnlySpan<StoreOutcome> outcomes)
    {
        Span<int> pages = stackalloc int[Outcomes];
        pages.Clear();
        foreach (StoreOutcome outcome in outcomes)
        {
            pages[(int)outcome]++;
        }

        for (StoreOutcome cause = StoreOutcome.TenantLimit; cause <= StoreOutcome.PageQuota; cause++)
        {
            if (pages[(int)cause] > 0 && cause != StoreOutcome.BatchAborted)
            {
                Add(tenant, cause, pages[(int)cause]);
            }
        }
    }

    private void Add(string tenant, StoreOutcome cause, int pages)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            long oldest = Math.Max(0, _count - MaxLines);
            for (long line = _count - 1; line >= oldest; line--)
            {
                ref RefusedPages seen = ref _lines[line % MaxLines];
                if (seen.Cause == cause && seen.Tenant == tenant && now - seen.Last < Pause)
                {
                    seen = seen with { Pages = seen.Pages + pages, Last = now };
                    return;
                }
            }

            _lines[_count++ % MaxLines] = new RefusedPages(tenant, cause, pages, now, now);
        }
    }
}
