namespace RemoteSwap.Client.Records;

/// <summary>
/// What is settled of a slot, in eight bytes: what a load that begins now must not fall behind.
/// <code>
/// bits 0-1   kind
/// bit  2     an invalidation was sent since, whose fate is not known
/// bit  3     the page is in this client's eviction file
/// bits 8-63  generation; 0: none
/// </code>
/// </summary>
internal readonly record struct RecordMark
{
    private const int GenerationShift = 8;
    private const ulong EmptyingBit = 1UL << 2;
    private const ulong LocalBit = 1UL << 3;
    private readonly ulong _bits;

    public RecordMark(RecordedKind kind, ulong generation) => _bits = (generation << GenerationShift) | (ulong)kind;

    public RecordedKind Kind => (RecordedKind)(_bits & 3);

    public ulong Generation => _bits >> GenerationShift;

    private RecordMark(ulong bits) => _bits = bits;

    public bool IsStored => Kind >= RecordedKind.Stored;

    public bool IsBeingEmptied => (_bits & EmptyingBit) != 0;

    public bool IsLocal => (_bits & LocalBit) != 0;

    /// <summary>The same, and the page is in the eviction file.</summary>
    public RecordMark ToLocal() => new(_bits | LocalBit);

    /// <summary>The same, and an invalidation is under way.</summary>
    public RecordMark ToBeingEmptied() => new(_bits | EmptyingBit);
}
