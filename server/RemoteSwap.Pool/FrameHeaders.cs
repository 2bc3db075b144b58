namespace RemoteSwap.Pool;

/// <summary>
/// The headers of a pool's frames: in a frame's first chunk, or, for a headless frame, in a table beside. What stands
/// in the header and in <see cref="FrameMeta"/> alike, the chunk counts, is written here and only here.
/// <para>Guarded by the pool's lock.</para>
/// </summary>
internal sealed class FrameHeaders(FrameArena arena, IFrameSource frames, uint owner)
{
    private readonly CellTable _headless = new(arena, frames, FrameHeader.Bytes);

    /// <summary>The tenant's number, which every header carries.</summary>
    public uint Owner => owner;

    /// <summary>Frames that the table of headers occupies.</summary>
    public int FrameCount => _headless.FrameCount;

    /// <summary>The header of a frame, wherever it lies.</summary>
    public Span<byte> this[FrameNumber frame] => Of(frame, in arena.Meta(frame));

    /// <summary>The header of a frame whose meta the caller has at hand.</summary>
    public Span<byte> Of(FrameNumber frame, ref readonly FrameMeta meta) =>
        meta.Kind == FrameKind.Headless ? _headless[meta.LastHandle] : arena[frame][..FrameHeader.Bytes];

    /// <summary>Takes room for the header of a headless frame.</summary>
    public bool TryTakeCell(out uint cell) => _headless.TryTake(out cell);

    /// <summary>Gives that room back.</summary>
    public void GiveCell(uint cell) => _headless.Give(cell);

    /// <summary>Writes the header of a frame without zpages.</summary>
    public void Reset(FrameNumber frame)
    {
        Span<byte> chunk = this[frame];
        chunk.Clear();
        ref FrameHeader header = ref FrameHeader.Of(chunk);
        header.Version = FrameHeader.CurrentVersion;
        header.Kind = arena.Meta(frame).Kind;
        header.Owner = owner;
    }

    /// <summary>Sets the chunks of a zpage in header and meta; 0: there is none.</summary>
    public void SetChunks(FrameNumber frame, ref FrameMeta meta, Buddy buddy, int chunks)
    {
        ref FrameHeader header = ref meta.Kind == FrameKind.Headless
            ? ref _headless.At<FrameHeader>(meta.LastHandle)
            : ref arena.At<FrameHeader>(frame, 0);
        if (buddy == Buddy.First)
        {
            meta.FirstChunks = header.FirstChunks = (byte)chunks;
        }
        else
        {
            meta.LastChunks = header.LastChunks = (byte)chunks;
        }
    }
}
