namespace RemoteSwap.Client.Records;

/// <summary>
/// What is settled of a slot, in eight bytes: what a load that begins now must not fall behind.
/// <code>
/// bits 0-1   kind
/// bits 8-63  generation; 0: none
/// </code>
/// </summary>
internal readonly record struct RecordMark
{
    private const int GenerationShift = 8;
    private readonly ulong _bits;

    public RecordMark(RecordedKind kind, ulong generation) => _bits = (generation << GenerationShift) | (ulong)kind;

    public RecordedKind Kind => (RecordedKind)(_bits & 3);

    public ulong Generation => _bits >> GenerationShift;

    public bool IsStored => Kind >= RecordedKind.Stored;
}
