using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Sources;

/// <summary>
/// The source pages of a run, copied once, so that they stand still while they are compared with what comes back. Kept
/// in segments, because one array holds at most 2 GiB. Written by one thread, then read by all without a lock.
/// </summary>
internal sealed class PageCorpus
{
    /// <summary>Pages of a segment: 64 MiB.</summary>
    public const int SegmentPages = 16_384;

    private readonly List<byte[]> _segments = [];
    private readonly List<PageKind> _kinds = [];

    /// <summary>Pages.</summary>
    public int Count => _kinds.Count;

    /// <summary>Bytes that the pages take.</summary>
    public long Bytes => (long)Count * PageSize.Bytes;

    /// <summary>A page's 4,096 bytes.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> Page(int index) =>
        _segments[index / SegmentPages].AsSpan(index % SegmentPages * PageSize.Bytes, PageSize.Bytes);

    /// <summary>A page's kind.</summary>
    public PageKind Kind(int index) => _kinds[index];

    /// <summary>How many pages of each kind there are, by the kind's number.</summary>
    public int[] CountByKind()
    {
        int[] counts = new int[PageKindNames.Count];
        foreach (PageKind kind in _kinds)
        {
            counts[(int)kind]++;
        }

        return counts;
    }

    /// <summary>Appends pages of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="maxPages">At most so many, at least 1.</param>
    /// <returns>Pages appended; fewer than asked for only if the source has no more.</returns>
    public int Append(IPageSource source, int maxPages)
    {
        int appended = 0;
        PageKind[] kinds = new PageKind[Math.Min(maxPages, SegmentPages)];
        while (appended < maxPages)
        {
            int first = Count % SegmentPages;
            if (Count == _segments.Count * SegmentPages)
            {
                _segments.Add(GC.AllocateUninitializedArray<byte>(SegmentPages * PageSize.Bytes));
            }

            int room = Math.Min(maxPages - appended, SegmentPages - first);
            Span<byte> target = _segments[^1].AsSpan(first * PageSize.Bytes, room * PageSize.Bytes);
            int read = source.Read(target, kinds.AsSpan(0, room));
            if (read == 0)
            {
                break;
            }

            _kinds.AddRange(kinds.AsSpan(0, read));
            appended += read;
        }

        return appended;
    }
}
