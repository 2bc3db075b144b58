namespace RemoteSwap.Client.Records;

/// <summary>
/// The invalidations of runs of slots whose fate is not known: under way, or failed as calls. One that failed stays
/// until newer ones push it out; it counts only for slots of which nothing newer is settled, and may have had its
/// effect there.
/// <para>Lock: its own; nothing is called inside.</para>
/// </summary>
internal sealed class RecordRanges
{
    // More than calls can be under way.
    private const int MaxRanges = 256;

    private readonly Lock _gate = new();
    private readonly List<(ulong First, ulong Last, ulong Generation)> _ranges = [];

    /// <summary>One is about to be sent.</summary>
    public void Add(ulong first, ulong last, ulong generation)
    {
        lock (_gate)
        {
            if (_ranges.Count == MaxRanges)
            {
                _ranges.RemoveAt(0);
            }

            _ranges.Add((first, last, generation));
        }
    }

    /// <summary>One was answered.</summary>
    public void Remove(ulong first, ulong last, ulong generation)
    {
        lock (_gate)
        {
            _ranges.Remove((first, last, generation));
        }
    }

    /// <summary>Whether there is one with a slot in it that is newer than a generation.</summary>
    public bool HasNewer(ulong slot, ulong generation)
    {
        lock (_gate)
        {
            return _ranges.Exists(range =>
                range.First <= slot && slot <= range.Last && range.Generation > generation);
        }
    }
}
