namespace RemoteSwap.Nbd.Transmission;

/// <summary>
/// Which runs of a large read are zeroes, so that they need not be sent, nor read if there is nothing else. Only for
/// structured replies. A run that is told to be zeroes and written before the read is answered may be answered as
/// zeroes: the protocol gives overlapping requests no order.
/// </summary>
internal sealed class ReadPlan
{
    /// <summary>Reads below this are not planned: asking would cost more than sending.</summary>
    public const int LeastReadBytes = 32 << 10;

    /// <summary>
    /// Zeroes below this are sent as data. It is more than the headers that <see cref="ReplyLayout"/> puts in their
    /// place.
    /// </summary>
    public const int LeastHoleBytes = 4096;

    private const int MaxRuns = 64;
    private const int MaxLookups = 4 * MaxRuns;

    // Chunks begin and end at multiples of this, as the protocol asks for.
    private const int ChunkUnitBytes = 512;

    private readonly Extent[] _extents = new Extent[MaxRuns];

    /// <summary>The runs, which cover the read; Zero or Data, nothing else.</summary>
    public ReadOnlySpan<Extent> Runs => _extents.AsSpan(0, Count);

    /// <summary>Whether there is nothing but zeroes.</summary>
    public bool IsAllZeroes => Count == 1 && _extents[0].Kind == NbdExtentKind.Zero;

    private int Count { get; set; }

    /// <summary>Makes the plan of a read.</summary>
    public void Make(INbdDevice device, long offset, int length)
    {
        Count = 0;
        if (offset % ChunkUnitBytes != 0 || length % ChunkUnitBytes != 0)
        {
            Add(new Extent(length, NbdExtentKind.Data));
            return;
        }

        Span<Extent> found = stackalloc Extent[MaxRuns];
        int count = ExtentWalk.Collect(device, offset, length, ChunkUnitBytes, MaxLookups, found);
        long covered = 0;
        foreach (Extent extent in found[..count])
        {
            bool isZero = extent.Kind.HasFlag(NbdExtentKind.Zero) && extent.Length >= LeastHoleBytes;
            Add(new Extent(extent.Length, isZero ? NbdExtentKind.Zero : NbdExtentKind.Data));
            covered += extent.Length;
        }

        if (covered < length)
        {
            Add(new Extent(length - covered, NbdExtentKind.Data));
        }
    }

    // Joins neighbours. One more run than were found is added only if all of them have been joined or the last one has
    // room: the walk stops at a full table, and then the last run and the rest become data.
    private void Add(Extent run)
    {
        if (Count > 0 && (_extents[Count - 1].Kind == run.Kind || Count == MaxRuns))
        {
            Extent last = _extents[Count - 1];
            _extents[Count - 1] = new Extent(
                last.Length + run.Length, last.Kind == run.Kind ? last.Kind : NbdExtentKind.Data);
        }
        else
        {
            _extents[Count++] = run;
        }
    }
}
