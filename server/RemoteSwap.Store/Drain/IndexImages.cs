using System.Runtime.InteropServices;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>Packs index records of one tenant into images. Not thread-safe.</summary>
internal sealed class IndexImages(ImageWriter writer, uint owner)
{
    /// <summary>Records in an image.</summary>
    public const int Records = (FrameArena.FrameBytes - FrameHeader.Bytes) / IndexRecord.Bytes;

    private readonly IndexRecord[] _records = new IndexRecord[Records];
    private int _count;

    /// <summary>The records of an image; those that are none end them.</summary>
    public static ReadOnlySpan<IndexRecord> Read(ReadOnlySpan<byte> frame) =>
        MemoryMarshal.Cast<byte, IndexRecord>(frame[FrameHeader.Bytes..])[..Records];

    /// <summary>Adds a record.</summary>
    public ValueTask AddAsync(IndexRecord record)
    {
        _records[_count++] = record;
        return _count == Records ? EndAsync() : ValueTask.CompletedTask;
    }

    /// <summary>Writes what is left.</summary>
    public ValueTask EndAsync()
    {
        if (_count == 0)
        {
            return ValueTask.CompletedTask;
        }

        int image = writer.Group.Count;
        Span<byte> header = writer.Group.Header(image);
        header.Clear();
        ref FrameHeader fields = ref FrameHeader.Of(header);
        fields.Version = FrameHeader.CurrentVersion;
        fields.Kind = FrameKind.Index;
        fields.Owner = owner;
        Span<byte> frame = writer.Group.Frame(image);
        frame.Clear();
        MemoryMarshal.AsBytes(_records.AsSpan(0, _count)).CopyTo(frame[FrameHeader.Bytes..]);
        _count = 0;
        return writer.TakeAsync(1);
    }
}
