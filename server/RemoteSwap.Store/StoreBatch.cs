using System.Buffers;
using RemoteSwap.Codec;

namespace RemoteSwap.Store;

/// <summary>
/// Pages of one Store in columns, already checked. Made once and used again: its columns hold <see cref="MaxPages"/>.
/// One user at a time.
/// </summary>
public sealed class StoreBatch
{
    /// <summary>The most pages in a batch.</summary>
    public const int MaxPages = 512;

    /// <summary>The area.</summary>
    public AreaId Area { get; set; }

    /// <summary>Whose request it is.</summary>
    public AttachEpoch Epoch { get; set; }

    /// <summary>How many pages.</summary>
    public int Count { get; set; }

    /// <summary>Column: slots.</summary>
    public ulong[] Slots { get; } = new ulong[MaxPages];

    /// <summary>Column: generations; 0: none.</summary>
    public ulong[] Generations { get; } = new ulong[MaxPages];

    /// <summary>Column: bytes of each zpage.</summary>
    public int[] Sizes { get; } = new int[MaxPages];

    /// <summary>Column: encodings.</summary>
    public ZpageEncoding[] Encodings { get; } = new ZpageEncoding[MaxPages];

    /// <summary>Column: zpage checksums.</summary>
    public uint[] ZpageChecksums { get; } = new uint[MaxPages];

    /// <summary>Column: page checksums.</summary>
    public uint[] PageChecksums { get; } = new uint[MaxPages];

    /// <summary>
    /// All zpages back to back, as a message's segments have them; read by <see cref="PageStore.Store"/> only.
    /// </summary>
    public ReadOnlySequence<byte> Zpages { get; set; }

    /// <summary>If one page is refused, no page of this batch stays.</summary>
    public bool AllOrNothing { get; set; }

    /// <summary>
    /// Whether its sender sends it again, as it is, to the next life of a server that drains: then it is refused as a
    /// whole and without effect, so that its generations are not used up.
    /// </summary>
    public bool WaitsForRestart { get; set; }

    /// <summary>Takes the times of its parts; null, the default: nobody looks.</summary>
    public StageClock? Clock { get; set; }

    /// <summary>Encode RAW pages.</summary>
    public bool Encode { get; set; }

    /// <summary>Column: what became of the pages.</summary>
    public StoreOutcome[] Outcomes { get; } = new StoreOutcome[MaxPages];

    /// <summary>Column: the generation at which this call placed each page; none: it placed none.</summary>
    internal Generation[] Placed { get; } = new Generation[MaxPages];

    internal Lookahead Lookahead { get; } = new();

    /// <summary>Room for a zpage that crosses from one segment of the message into the next.</summary>
    internal byte[] Crossing { get; } = new byte[ZpageLimits.MaxBytes];

    /// <summary>Room for a page that is encoded here.</summary>
    internal byte[] Encoded { get; } = new byte[PageSize.Bytes];
}
